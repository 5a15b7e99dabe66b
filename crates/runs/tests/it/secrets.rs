//! Secrets at rest: a new key for all of them.

use domain::Claims;
use runs::{
    alerts::channels,
    secrets::{self, SecretKey},
};
use std::{collections::BTreeSet, path::Path};
use testkit::TestDb;

async fn scene() -> (TestDb, tempfile::TempDir) {
    let db = TestDb::new().await;
    let directory = tempfile::tempdir().unwrap();
    let key = SecretKey::from_file(&directory.path().join("secret.key")).unwrap();
    let mut conn = db.pool().acquire().await.unwrap();
    for (name, value) in [("ONE", "hunter2-one"), ("TWO", "hunter2-two")] {
        let sealed = key.seal(name, value).unwrap();
        secrets::put(
            &mut conn,
            db::clock::Clock::system().now(),
            &Claims::command_line(),
            &sealed,
        )
        .await
        .unwrap();
    }
    (db, directory)
}

async fn rotate(db: &TestDb, path: &Path) -> Result<usize, secrets::RotateError> {
    secrets::rotate_key(
        db.pool(),
        db::clock::Clock::system().now(),
        &Claims::command_line(),
        path,
    )
    .await
}

async fn opens(db: &TestDb, key: &SecretKey) -> bool {
    let names = BTreeSet::from(["ONE".to_owned(), "TWO".to_owned()]);
    let mut conn = db.pool().acquire().await.unwrap();
    match secrets::get_many(&mut conn, key, &names).await {
        Ok(values) => values["ONE"] == "hunter2-one" && values["TWO"] == "hunter2-two",
        Err(_) => false,
    }
}

#[tokio::test]
async fn a_new_key_opens_every_secret_and_the_old_one_none() {
    let (db, directory) = scene().await;
    let path = directory.path().join("secret.key");
    let old_text = SecretKey::from_text(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(rotate(&db, &path).await.unwrap(), 2);
    assert!(opens(&db, &SecretKey::from_file(&path).unwrap()).await);
    assert!(!opens(&db, &old_text).await);
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
    assert_eq!(
        db.value("select string_agg(verb, ' ' order by at) from audit_log")
            .await,
        "put_secret put_secret rotate_key"
    );
}

#[tokio::test]
async fn a_rotation_that_was_interrupted_on_either_side_of_the_commit_is_taken_up() {
    let (db, directory) = scene().await;
    let path = directory.path().join("secret.key");
    let waiting = directory.path().join("secret.key.next");
    // Before the commit: the waiting key opens nothing.
    SecretKey::from_file(&waiting).unwrap();
    assert_eq!(rotate(&db, &path).await.unwrap(), 2);
    assert!(opens(&db, &SecretKey::from_file(&path).unwrap()).await);
    // Behind it: the file still has the old key.
    std::fs::rename(&path, &waiting).unwrap();
    SecretKey::from_file(&path).unwrap();
    assert_eq!(rotate(&db, &path).await.unwrap(), 2);
    assert!(opens(&db, &SecretKey::from_file(&path).unwrap()).await);
    assert!(!waiting.exists());
}

#[tokio::test]
async fn a_key_that_does_not_open_the_secrets_changes_nothing() {
    let (db, directory) = scene().await;
    let stranger = directory.path().join("other.key");
    let theirs = SecretKey::from_file(&stranger).unwrap();
    assert!(rotate(&db, &stranger).await.is_err());
    assert!(
        opens(
            &db,
            &SecretKey::from_file(&directory.path().join("secret.key")).unwrap()
        )
        .await
    );
    assert!(!opens(&db, &theirs).await);
    assert!(!directory.path().join("other.key.next").exists());
}

#[tokio::test]
async fn the_secrets_of_alert_channels_are_sealed_again_too() {
    let (db, directory) = scene().await;
    let path = directory.path().join("secret.key");
    let old = SecretKey::from_file(&path).unwrap();
    let channel_id = channels::new_id();
    let spec = serde_json::json!({"name": "ops", "url": "https://hooks.example/x"});
    let mut conn = db.pool().acquire().await.unwrap();
    channels::save(&mut conn, &old, channel_id, spec, Some("signs the messages"))
        .await
        .unwrap();
    assert_eq!(rotate(&db, &path).await.unwrap(), 3);
    let target = channels::target(&mut conn, channel_id).await.unwrap().unwrap();
    let new = SecretKey::from_file(&path).unwrap();
    assert_eq!(channels::secret(&new, &target).unwrap(), "signs the messages");
    // Who has the old key from that file takes up the new one.
    assert_eq!(channels::secret(&old, &target).unwrap(), "signs the messages");
}

#[tokio::test]
async fn who_has_the_key_from_the_file_goes_on_with_the_new_one() {
    let (db, directory) = scene().await;
    let path = directory.path().join("secret.key");
    let server = SecretKey::from_file(&path).unwrap();
    let worker = SecretKey::read(&path).unwrap();
    rotate(&db, &path).await.unwrap();
    assert!(opens(&db, &worker).await);
    // What is saved before anything was opened is not lost either.
    let sealed = server.seal("THREE", "hunter2-three").unwrap();
    assert_eq!(SecretKey::read(&path).unwrap().open(&sealed).unwrap(), "hunter2-three");
}
