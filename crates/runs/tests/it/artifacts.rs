//! The object store in a directory: what goes in, what comes out, what is removed.

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use runs::artifacts::{Brought, Object, Store, StoreError, StoreSettings, bring, sweep};
use std::{convert::Infallible, path::Path};
use testkit::TestDb;

/// Larger than one part.
const LARGE: usize = 20 * 1024 * 1024 + 17;

fn store(directory: &Path) -> Store {
    Store::open(&StoreSettings::directory(directory)).unwrap()
}

fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at % 251) as u8).collect()
}

fn pieces(bytes: &[u8]) -> impl futures::Stream<Item = Result<Bytes, Infallible>> + Send + use<> {
    let pieces: Vec<_> = bytes.chunks(300_000).map(Bytes::copy_from_slice).map(Ok).collect();
    stream::iter(pieces)
}

async fn whole(store: &Store, object: &Object) -> Result<Vec<u8>, StoreError> {
    let pieces: Vec<Bytes> = store.read(object, None).await?.try_collect().await?;
    Ok(pieces.concat())
}

fn files(directory: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap().flatten() {
        if entry.path().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    found
}

#[tokio::test]
async fn what_went_in_comes_out_whole_and_in_ranges() {
    let directory = tempfile::tempdir().unwrap();
    let store = store(directory.path());
    for length in [0, 5, LARGE] {
        let bytes = pattern(length);
        let object = Object::of(&bytes);
        store.put(&object, pieces(&bytes)).await.unwrap();
        assert_eq!(whole(&store, &object).await.unwrap(), bytes);
        let path = format!("artifacts/{}/{}", &object.sha256[..2], object.sha256);
        assert!(directory.path().join(path).is_file());
    }
    let bytes = pattern(LARGE);
    let range = store
        .read(&Object::of(&bytes), Some(10_000_000..10_000_010))
        .await
        .unwrap();
    let part: Vec<Bytes> = range.try_collect().await.unwrap();
    assert_eq!(part.concat(), &bytes[10_000_000..10_000_010]);
}

#[tokio::test]
async fn bytes_other_than_announced_leave_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let store = store(directory.path());
    for length in [1000, LARGE] {
        let bytes = pattern(length);
        let mut other = bytes.clone();
        other[length / 2] ^= 1;
        let object = Object::of(&bytes);
        for wrong in [&other[..], &bytes[..length - 1], &[&bytes[..], b"x"].concat()] {
            let refused = store.put(&object, pieces(wrong)).await.unwrap_err();
            assert!(matches!(refused, StoreError::NotAsAnnounced { .. }), "{refused}");
        }
        let broken = pieces(&bytes[..length / 2])
            .map(|piece| Ok(piece.unwrap()))
            .chain(stream::iter([Err("the pipe broke")]));
        assert!(matches!(store.put(&object, broken).await, Err(StoreError::Source(_))));
        assert!(matches!(whole(&store, &object).await, Err(StoreError::Missing(_))));
    }
    assert_eq!(files(directory.path()), Vec::<String>::new());
}

#[tokio::test]
async fn stored_bytes_that_were_changed_are_not_handed_out_as_whole() {
    let directory = tempfile::tempdir().unwrap();
    let store = store(directory.path());
    let bytes = pattern(3_000_000);
    let object = Object::of(&bytes);
    store.put(&object, pieces(&bytes)).await.unwrap();
    let path = directory
        .path()
        .join(format!("artifacts/{}/{}", &object.sha256[..2], object.sha256));
    let mut changed = bytes.clone();
    changed[1_000_000] ^= 1;
    std::fs::write(&path, &changed).unwrap();
    assert!(matches!(
        whole(&store, &object).await,
        Err(StoreError::Corrupt { what: "checksum" })
    ));
    std::fs::write(&path, &bytes[1..]).unwrap();
    assert!(matches!(
        whole(&store, &object).await,
        Err(StoreError::Corrupt { what: "size" })
    ));
}

#[tokio::test]
async fn what_is_too_large_is_refused_before_it_travels() {
    let directory = tempfile::tempdir().unwrap();
    let settings = StoreSettings {
        most_bytes: 1_048_576,
        ..StoreSettings::directory(directory.path())
    };
    let store = Store::open(&settings).unwrap();
    let bytes = pattern(1_048_577);
    let refused = store.put(&Object::of(&bytes), pieces(&bytes)).await.unwrap_err();
    assert_eq!(refused.to_string(), "it has 2 MiB; at most 1 are kept");
}

#[tokio::test]
async fn a_directory_that_cannot_be_made_stops_the_start_with_a_sentence() {
    let refused = Store::open(&StoreSettings::directory(Path::new("/dev/null/artifacts"))).unwrap_err();
    assert!(refused.to_string().contains("/dev/null/artifacts"), "{refused}");
}

#[tokio::test]
async fn bytes_nobody_names_are_brought_once_and_swept_after_a_day() {
    let db = TestDb::new().await;
    let directory = tempfile::tempdir().unwrap();
    let store = store(directory.path());
    db.execute(
        "insert into public.runs (run_id, title, action, lane, status, created_at, queued_at)
         values ('run_20260101_000000_aaaaaaaa', 'T', 'test.noop', 'A', 'queued', now(), now())",
    )
    .await;
    let worker = db
        .value(r#"select register_worker('{"name": "w", "lanes": ["A"], "kinds": ["action"], "slots": 1}')"#)
        .await;
    db.execute(&format!(
        "select enqueue_run('{{\"action\": \"test.noop\", \"lane\": \"A\"}}'); select run_id from claim_runs('{worker}', '{{A}}', 1)"
    ))
    .await;
    let held = db
        .value("select run_id || ' ' || lease_seq from runboard_internal.run_leases")
        .await;
    let (run_id, lease_seq) = held.split_once(' ').unwrap();
    let lease = (run_id, lease_seq.parse().unwrap());
    let bytes = pattern(100_000);
    let object = Object::of(&bytes);

    let brought = bring(db.pool(), &store, lease, &object, || pieces(&bytes)).await;
    assert_eq!(brought.unwrap(), Brought::Stored);
    let again = bring(db.pool(), &store, lease, &object, || pieces(b"never asked for")).await;
    assert_eq!(again.unwrap(), Brought::Stored);
    let stranger = bring(db.pool(), &store, (run_id, -1), &object, || pieces(&bytes)).await;
    assert_eq!(stranger.unwrap(), Brought::Lost);

    let swept = sweep(db.pool(), &store, 1000, |_| true).await.unwrap();
    assert_eq!(swept.removed_count, 0);
    db.advance(chrono::TimeDelta::hours(25)).await;
    let swept = sweep(db.pool(), &store, 1000, |_| true).await.unwrap();
    assert_eq!((swept.removed_count, swept.failed_count), (1, 0));
    assert_eq!(files(directory.path()), Vec::<String>::new());
    assert_eq!(
        db.value("select count(*) from runboard_internal.object_removals").await,
        "0"
    );
}
