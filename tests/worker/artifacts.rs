//! A large artifact on its whole way: a script, a worker process, the object store, the server, a reader.

use crate::scene::Scene;
use domain::{Claims, Role};
use runboard_tests::fleet::Launch;
use runs::{
    access::{self, TokenSpec},
    artifacts::{Object, StoreSettings},
};
use server::{Config, config::LogFormat};
use std::{path::Path, time::Duration};

fn config(scene: &Scene, folder: &Path) -> Config {
    Config {
        database_url: Some(scene.db.url().to_owned()),
        listen: "127.0.0.1:0".parse().expect("an address"),
        is_listen_chosen: true,
        public_url: None,
        data_dir: folder.to_owned(),
        artifacts: StoreSettings::directory(&folder.join("artifacts")),
        secret_key: None,
        secret_key_file: folder.join("secret.key"),
        log: "info".to_owned(),
        log_format: LogFormat::Pretty,
        shared_secret: None,
        site_root: folder.join("site"),
        network: runs::network::NetworkPolicy::default(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn five_mebibytes_that_a_worker_left_are_downloaded_with_the_same_checksum() {
    let scene = Scene::new().await;
    let folder = scene.folder();
    let server = server::start(config(&scene, folder)).await.expect("the server starts");
    let _worker = Launch::named("w1")
        .env("RUNBOARD_DATA_DIR", &folder.display().to_string())
        .start(scene.db.url(), &folder.join("secret.key"));
    let script = format!(
        "head -c 5242880 /dev/urandom > \"$RUNBOARD_ARTIFACTS/big.bin\"\nsha256sum \"$RUNBOARD_ARTIFACTS/big.bin\" | cut -c 1-64 > {}/sum",
        folder.display()
    );
    scene.enqueue(&[("leave", script)], 1).await;
    scene.until("select status from public.runs", "success").await;

    let services = server.services();
    let mut tx = services.pool().begin().await.expect("a transaction");
    let spec = TokenSpec {
        name: "reader".to_owned(),
        role: Some(Role::Viewer),
        ..TokenSpec::default()
    };
    let issued = access::issue_token(&mut tx, services.now(), &Claims::command_line(), &spec)
        .await
        .expect("a token");
    tx.commit().await.expect("a token");
    let id = scene.ask("select artifact_id from public.artifacts").await;
    let answer = runboard_tests::web::client()
        .get(format!("{}/api/artifacts/{id}/content", server.url()))
        .bearer_auth(issued.token)
        .timeout(Duration::from_mins(1))
        .send()
        .await
        .expect("an answer");
    let told = answer.headers()["etag"]
        .to_str()
        .expect("text")
        .trim_matches('"')
        .to_owned();
    let object = Object::of(&answer.bytes().await.expect("the bytes"));
    assert_eq!(object.size_bytes, 5_242_880);
    assert_eq!(scene.trace("sum"), std::slice::from_ref(&object.sha256));
    assert_eq!(told, object.sha256);
    server.stop().await;
}
