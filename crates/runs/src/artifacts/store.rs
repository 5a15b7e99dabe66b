//! The object store: a directory or a bucket, by checksum.

use super::{Place, SettingsError, StoreError, StoreSettings};
use bytes::{Bytes, BytesMut};
use futures::{Stream, StreamExt, TryStreamExt, stream, stream::BoxStream};
use object_store::{
    GetOptions, GetRange, ObjectStore, ObjectStoreExt, WriteMultipart, aws::AmazonS3Builder, local::LocalFileSystem,
    path::Path, signer::Signer,
};
use sha2::{Digest, Sha256};
use std::{error::Error, ops::Range, pin::pin, sync::Arc, time::Duration};
use url::Url;

/// Up to so many bytes go in one request; more go in parts of this size, several at once.
const PART_BYTES: usize = 8 * 1024 * 1024;
/// Parts on their way at once.
const PARTS_AT_ONCE: usize = 3;

/// Bytes as they come.
pub type ByteStream = BoxStream<'static, Result<Bytes, StoreError>>;

/// What an object is, known before its bytes are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Checksum, 64 hexadecimal digits.
    pub sha256: String,
    /// How many bytes.
    pub size_bytes: u64,
}

/// The object store of this installation; cheap to clone.
#[derive(Clone)]
pub struct Store {
    objects: Arc<dyn ObjectStore>,
    signer: Option<Arc<dyn Signer>>,
    prefix: Path,
    place: Place,
    most_bytes: u64,
}

impl Object {
    /// What `bytes` are.
    pub fn of(bytes: &[u8]) -> Self {
        Self {
            sha256: domain::hex(&Sha256::digest(bytes)),
            size_bytes: bytes.len() as u64,
        }
    }

    /// Its name in the rows of artifacts.
    pub fn storage_url(&self) -> String {
        format!("store:{}", self.key())
    }

    fn key(&self) -> String {
        format!("artifacts/{}/{}", self.sha256.get(..2).unwrap_or_default(), self.sha256)
    }
}

impl Store {
    /// Opens the store; makes its directory when it has none.
    pub fn open(settings: &StoreSettings) -> Result<Self, SettingsError> {
        let (objects, signer, prefix): (Arc<dyn ObjectStore>, Option<Arc<dyn Signer>>, &str) = match &settings.place {
            Place::Directory(path) => {
                let unusable = |source| SettingsError::Directory {
                    path: path.display().to_string(),
                    source,
                };
                std::fs::create_dir_all(path).map_err(unusable)?;
                let directory = LocalFileSystem::new_with_prefix(path).map_err(SettingsError::Client)?;
                (Arc::new(directory.with_fsync(true)), None, "")
            }
            Place::S3 { prefix, .. } => {
                crate::network::choose_crypto();
                let bucket = Arc::new(bucket(&settings.place).build().map_err(SettingsError::Client)?);
                (Arc::clone(&bucket) as Arc<dyn ObjectStore>, Some(bucket), prefix)
            }
        };
        Ok(Self {
            objects,
            signer,
            prefix: Path::from(prefix),
            place: settings.place.clone(),
            most_bytes: settings.most_bytes,
        })
    }

    /// Where it is, for people.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Asks the store whether it answers, knows the key and has the bucket.
    pub async fn check(&self) -> Result<(), StoreError> {
        self.objects.list_with_delimiter(Some(&self.prefix)).await?;
        Ok(())
    }

    /// Most bytes of one object.
    pub fn most_bytes(&self) -> u64 {
        self.most_bytes
    }

    /// Refuses what is larger than is kept.
    pub fn check_size(&self, size_bytes: u64) -> Result<(), StoreError> {
        if size_bytes > self.most_bytes {
            return Err(StoreError::TooLarge {
                size_bytes,
                most_bytes: self.most_bytes,
            });
        }
        Ok(())
    }

    /// Stores exactly `object`: bytes that differ from it are refused, and nothing of them is ever seen.
    pub async fn put<S, E>(&self, object: &Object, bytes: S) -> Result<(), StoreError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        self.check_size(object.size_bytes)?;
        let mut checked = pin!(checked(object, bytes));
        let key = self.key(object);
        if object.size_bytes <= PART_BYTES as u64 {
            let mut whole = BytesMut::with_capacity(object.size_bytes as usize);
            while let Some(piece) = checked.try_next().await? {
                whole.extend_from_slice(&piece);
            }
            self.objects.put(&key, whole.freeze().into()).await?;
            return Ok(());
        }
        let upload = self.objects.put_multipart(&key).await?;
        let mut parts = WriteMultipart::new_with_chunk_size(upload, PART_BYTES);
        let sent = async {
            while let Some(piece) = checked.try_next().await? {
                parts.wait_for_capacity(PARTS_AT_ONCE).await?;
                parts.put(piece);
            }
            Ok(())
        };
        match sent.await {
            Ok(()) => {
                parts.finish().await?;
                Ok(())
            }
            Err(error) => {
                // What remains of the parts is seen by nobody; a rule of the bucket may remove it too.
                if let Err(error) = parts.abort().await {
                    tracing::warn!(%error, "The parts of a broken upload could not be removed.");
                }
                Err(error)
            }
        }
    }

    /// The bytes of `object`, or those of `range`. Read whole they are checked: the last of them come
    /// only when the checksum fits.
    pub async fn read(&self, object: &Object, range: Option<Range<u64>>) -> Result<ByteStream, StoreError> {
        let is_whole = range.is_none();
        let options = GetOptions {
            range: range.map(GetRange::Bounded),
            ..GetOptions::default()
        };
        let found = self.objects.get_opts(&self.key(object), options).await?;
        if found.meta.size != object.size_bytes {
            return Err(StoreError::Corrupt { what: "size" });
        }
        let bytes = found.into_stream();
        if !is_whole {
            return Ok(bytes.map_err(StoreError::from).boxed());
        }
        let unchanged = checked(object, bytes).map_err(|error| match error {
            StoreError::NotAsAnnounced { what } => StoreError::Corrupt { what },
            StoreError::Source(source) => match source.downcast::<object_store::Error>() {
                Ok(error) => StoreError::from(*error),
                Err(source) => StoreError::Source(source),
            },
            other => other,
        });
        Ok(unchanged.boxed())
    }

    /// Removes an object by its name in the rows; one that is not there is removed already.
    pub async fn remove(&self, storage_url: &str) -> Result<(), StoreError> {
        let Some(key) = storage_url.strip_prefix("store:") else {
            return Ok(());
        };
        match self.objects.delete(&self.at(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// An address at which the store itself hands out `object` for a while; `None` when it cannot.
    pub async fn presign(&self, object: &Object, valid_for: Duration) -> Result<Option<Url>, StoreError> {
        match &self.signer {
            Some(signer) => {
                let key = self.key(object);
                Ok(Some(signer.signed_url(http::Method::GET, &key, valid_for).await?))
            }
            None => Ok(None),
        }
    }

    fn key(&self, object: &Object) -> Path {
        self.at(&object.key())
    }

    fn at(&self, key: &str) -> Path {
        self.prefix.parts().chain(Path::from(key).parts()).collect()
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store({})", self.place)
    }
}

fn bucket(place: &Place) -> AmazonS3Builder {
    let Place::S3 {
        bucket,
        endpoint,
        region,
        key_id,
        secret,
        is_path_style,
        ..
    } = place
    else {
        return AmazonS3Builder::new();
    };
    let builder = AmazonS3Builder::new()
        .with_bucket_name(bucket)
        .with_region(region)
        .with_access_key_id(key_id)
        .with_secret_access_key(secret)
        .with_virtual_hosted_style_request(!is_path_style)
        .with_retry(object_store::RetryConfig {
            max_retries: 4,
            retry_timeout: Duration::from_secs(30),
            ..object_store::RetryConfig::default()
        });
    match endpoint {
        Some(url) => builder
            .with_endpoint(url.as_str().trim_end_matches('/'))
            .with_allow_http(url.scheme() == "http"),
        None => builder,
    }
}

/// The same bytes, the last of them only when size and checksum are those of `object`.
fn checked<S, E>(object: &Object, bytes: S) -> impl Stream<Item = Result<Bytes, StoreError>> + Send + use<S, E>
where
    S: Stream<Item = Result<Bytes, E>> + Send,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    struct State<S> {
        bytes: std::pin::Pin<Box<S>>,
        wanted: Object,
        sum: Sha256,
        seen: u64,
        held: Option<Bytes>,
        is_over: bool,
    }
    let state = State {
        bytes: Box::pin(bytes),
        wanted: object.clone(),
        sum: Sha256::new(),
        seen: 0,
        held: None,
        is_over: false,
    };
    stream::try_unfold(state, |mut state| async move {
        while !state.is_over {
            let Some(piece) = state.bytes.next().await else {
                state.is_over = true;
                break;
            };
            let piece = piece.map_err(|error| StoreError::Source(error.into()))?;
            state.seen += piece.len() as u64;
            if state.seen > state.wanted.size_bytes {
                return Err(StoreError::NotAsAnnounced { what: "size" });
            }
            state.sum.update(&piece);
            if let Some(before) = state.held.replace(piece) {
                return Ok(Some((before, state)));
            }
        }
        if state.seen != state.wanted.size_bytes {
            return Err(StoreError::NotAsAnnounced { what: "size" });
        }
        if domain::hex(&state.sum.clone().finalize()) != state.wanted.sha256 {
            return Err(StoreError::NotAsAnnounced { what: "checksum" });
        }
        Ok(state.held.take().map(|last| (last, state)))
    })
}
