//! What becomes of files that steps leave.

use crate::stage::Stage;
use runs::artifacts::{Object, Store, StoreSettings};
use serde_json::json;

const LEFT: &str = "select string_agg(concat_ws(' ', name, kind, size_bytes, case when storage_url is null then 'inline' else 'stored' end), ', ' order by name) from artifacts";

async fn bytes(store: &Store, object: &Object) -> Vec<u8> {
    use futures::TryStreamExt;
    let pieces: Vec<bytes::Bytes> = store.read(object, None).await.unwrap().try_collect().await.unwrap();
    pieces.concat()
}

#[tokio::test]
async fn a_large_file_goes_to_the_store_and_a_small_one_into_its_row() {
    let mut stage = Stage::new().await;
    let _worker = stage.work().await;
    let script = r#"
        cd "$RUNBOARD_ARTIFACTS"
        echo hi > small.txt
        head -c 5242880 /dev/zero | tr '\0' x > big.dat
        cp big.dat same.dat
        echo https://example.com/docs > docs.url
        echo 'small.txt=report' > .kinds
        ln -s /etc/passwd passwd; mkfifo pipe; mkdir sub; ln -s /etc sub/etc
    "#;
    let run = stage
        .enqueue(json!([{"id": "a", "kind": "shell", "with": {"script": script}}]))
        .await;
    stage.ends(&run, "success").await;
    assert_eq!(
        stage.db.value(LEFT).await,
        "big.dat text 5242880 stored, docs.url link 24 inline, same.dat text 5242880 stored, small.txt report 3 inline"
    );
    let object = Object::of(&vec![b'x'; 5_242_880]);
    assert_eq!(
        stage.db.value("select string_agg(distinct storage_url || ' ' || sha256, ' ') from artifacts where storage_url is not null").await,
        format!("{} {}", object.storage_url(), object.sha256)
    );
    assert_eq!(bytes(&stage.store(), &object).await, vec![b'x'; 5_242_880]);
    let log = stage.log(&run).await;
    for name in ["passwd", "pipe", "sub/etc"] {
        assert!(
            log.contains(&format!("{name} is no regular file, so it is left out.")),
            "{log}"
        );
    }
    assert_eq!(
        stage
            .db
            .value("select message from run_events where kind = 'artifact_left_out'")
            .await,
        "3 artifacts were left out; the log says why."
    );
}

#[tokio::test]
async fn what_cannot_be_kept_is_said_and_does_not_fail_the_step() {
    let mut stage = Stage::new().await;
    let mut worker = stage.worker("w1");
    let settings = StoreSettings {
        most_bytes: 1_048_576,
        ..StoreSettings::directory(&stage.path("store"))
    };
    worker.config.store = Some(Store::open(&settings).unwrap());
    let _worker = worker.start().await.unwrap();
    stage
        .db
        .execute("update runboard_internal.settings set value = 1 where key = 'artifact_run_size'")
        .await;
    let script = r#"
        cd "$RUNBOARD_ARTIFACTS"
        head -c 1048577 /dev/zero > huge.bin
        head -c 600000 /dev/zero > one.bin
        head -c 600001 /dev/zero > two.bin
    "#;
    let run = stage
        .enqueue(json!([{"id": "a", "kind": "shell", "with": {"script": script}}]))
        .await;
    stage.ends(&run, "success").await;
    assert_eq!(stage.db.value(LEFT).await, "one.bin file 600000 stored");
    let log = stage.log(&run).await;
    assert!(
        log.contains("huge.bin is left out: it has 2 MiB; at most 1 are kept."),
        "{log}"
    );
    assert!(
        log.contains("two.bin is left out: The run would leave 1 MiB behind; at most 1 are kept."),
        "{log}"
    );
}

#[tokio::test]
async fn a_store_that_fails_is_said_in_words() {
    let mut stage = Stage::new().await;
    let _worker = stage.work().await;
    std::fs::remove_dir_all(stage.path("store")).unwrap();
    std::fs::write(stage.path("store"), "a file where the directory was").unwrap();
    let script = r#"head -c 100000 /dev/zero > "$RUNBOARD_ARTIFACTS/a.bin""#;
    let run = stage
        .enqueue(json!([{"id": "a", "kind": "shell", "with": {"script": script}}]))
        .await;
    stage.ends(&run, "success").await;
    let log = stage.log(&run).await;
    assert!(
        log.contains(
            "a.bin is left out: the object store does not answer as it should; the log of the worker has the details."
        ),
        "{log}"
    );
    assert_eq!(stage.db.value("select count(*) from artifacts").await, "0");
}

#[tokio::test]
async fn a_secret_in_a_large_file_is_hidden_wherever_it_stands() {
    let mut stage = Stage::new().await;
    stage.secret("TOKEN", "hunter2-hunter2-hunter2").await;
    let _worker = stage.work().await;
    let script = r#"
        cd "$RUNBOARD_ARTIFACTS"
        for pad in 262100 131060 7; do head -c $pad /dev/zero | tr '\0' x; printf '%s' "$TOKEN"; done > big.log
        (head -c 100000 /dev/zero; printf '%s' "$TOKEN") > big.bin
    "#;
    let run = stage
        .enqueue(
            json!([{"id": "a", "kind": "shell", "with": {"script": script, "env": {"TOKEN": "{{ secrets.TOKEN }}"}}}]),
        )
        .await;
    stage.ends(&run, "success").await;
    let text = format!(
        "{}***{}***{}***",
        "x".repeat(262_100),
        "x".repeat(131_060),
        "x".repeat(7)
    );
    let binary = [vec![0; 100_000], vec![b'*'; 23]].concat();
    for content in [text.as_bytes(), &binary] {
        assert_eq!(bytes(&stage.store(), &Object::of(content)).await, content);
    }
    assert_eq!(stage.db.value("select count(*) from artifacts").await, "2");
}
