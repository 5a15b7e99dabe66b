//! The object store in a bucket, against a real S3 server that `script/bootstrap --test` installs. It knows
//! key ids but does not compute signatures of version 4, so a forged signature cannot be tried here.

use bytes::Bytes;
use futures::{TryStreamExt, stream};
use runs::artifacts::{Object, Store, StoreError, StoreSettings, StoreWords};
use std::{
    convert::Infallible,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

/// Larger than one part.
const LARGE: usize = 20 * 1024 * 1024 + 17;

/// An S3 server with one bucket, `artifacts`; stopped when dropped.
struct S3 {
    server: Child,
    address: String,
    directory: tempfile::TempDir,
}

impl S3 {
    fn start() -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../.runboard/tools/s3rver/node_modules/s3rver/bin/s3rver.js");
        assert!(script.exists(), "the S3 server is missing: run script/bootstrap --test");
        let directory = tempfile::tempdir().unwrap();
        let mut server = Command::new("node")
            .arg(script)
            .args([
                "--address",
                "127.0.0.1",
                "--port",
                "0",
                "--configure-bucket",
                "artifacts",
                "--silent",
            ])
            .arg("--directory")
            .arg(directory.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node starts");
        let said = BufReader::new(server.stdout.take().unwrap());
        let address = said
            .lines()
            .map_while(Result::ok)
            .find_map(|line| {
                line.rsplit_once(' ')
                    .filter(|(words, _)| words.ends_with("listening on"))
                    .map(|(_, at)| format!("http://{at}"))
            })
            .expect("it says where it listens");
        Self {
            server,
            address,
            directory,
        }
    }

    fn store(&self, change: impl FnOnce(&mut StoreWords)) -> Store {
        let mut words = StoreWords {
            address: Some("s3://artifacts/runboard/test".to_owned()),
            endpoint: Some(self.address.clone()),
            key_id: Some("S3RVER".to_owned()),
            secret: Some("S3RVER".to_owned()),
            ..StoreWords::default()
        };
        change(&mut words);
        Store::open(&StoreSettings::parse(&words, Path::new("unused")).unwrap()).unwrap()
    }

    /// What is left of parts that were sent and never put together.
    fn parts(&self) -> usize {
        std::fs::read_dir(self.directory.path().join("artifacts/.s3rver_uploads")).map_or(0, Iterator::count)
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at % 251) as u8).collect()
}

fn pieces(bytes: &[u8]) -> impl futures::Stream<Item = Result<Bytes, Infallible>> + Send + use<> {
    let pieces: Vec<_> = bytes.chunks(300_000).map(Bytes::copy_from_slice).map(Ok).collect();
    stream::iter(pieces)
}

async fn read(store: &Store, object: &Object, range: Option<std::ops::Range<u64>>) -> Result<Vec<u8>, StoreError> {
    let pieces: Vec<Bytes> = store.read(object, range).await?.try_collect().await?;
    Ok(pieces.concat())
}

#[tokio::test]
async fn what_went_into_a_bucket_comes_out_whole_in_ranges_and_by_a_signed_address() {
    let s3 = S3::start();
    let store = s3.store(|_| {});
    for length in [0, 70_000, LARGE] {
        let bytes = pattern(length);
        let object = Object::of(&bytes);
        store.put(&object, pieces(&bytes)).await.unwrap();
        store.put(&object, pieces(&bytes)).await.unwrap();
        assert!(read(&store, &object, None).await.unwrap() == bytes);
        let signed = store.presign(&object, Duration::from_mins(1)).await.unwrap().unwrap();
        let key = format!(
            "/artifacts/runboard/test/artifacts/{}/{}",
            &object.sha256[..2],
            object.sha256
        );
        assert_eq!(signed.path(), key);
        assert!(reqwest::get(signed.clone()).await.unwrap().bytes().await.unwrap() == bytes);
    }
    let bytes = pattern(LARGE);
    let object = Object::of(&bytes);
    assert_eq!(
        read(&store, &object, Some(10_000_000..10_000_010)).await.unwrap(),
        &bytes[10_000_000..10_000_010]
    );
    store.remove(&object.storage_url()).await.unwrap();
    store.remove(&object.storage_url()).await.unwrap();
    assert!(matches!(read(&store, &object, None).await, Err(StoreError::Missing(_))));
}

#[tokio::test]
async fn bytes_other_than_announced_leave_nothing_in_a_bucket() {
    let s3 = S3::start();
    let store = s3.store(|_| {});
    for length in [70_000, LARGE] {
        let bytes = pattern(length);
        let mut other = bytes.clone();
        other[length / 2] ^= 1;
        let object = Object::of(&bytes);
        for wrong in [&other[..], &bytes[..length - 1]] {
            let refused = store.put(&object, pieces(wrong)).await.unwrap_err();
            assert!(matches!(refused, StoreError::NotAsAnnounced { .. }), "{refused}");
        }
        assert!(matches!(read(&store, &object, None).await, Err(StoreError::Missing(_))));
    }
    assert_eq!(s3.parts(), 0);
}

#[tokio::test]
async fn a_wrong_key_a_missing_bucket_and_a_silent_server_are_told_apart() {
    let s3 = S3::start();
    let bytes = pattern(70_000);
    let object = Object::of(&bytes);
    let put = async |store: Store| store.put(&object, pieces(&bytes)).await.unwrap_err();
    let wrong_id = put(s3.store(|words| words.key_id = Some("NOBODY".to_owned()))).await;
    assert!(matches!(wrong_id, StoreError::Refused(_)), "{wrong_id:?}");
    let no_bucket = put(s3.store(|words| words.address = Some("s3://nothing".to_owned()))).await;
    assert!(matches!(no_bucket, StoreError::Missing(_)), "{no_bucket:?}");
}
