//! Where the artifacts of a worker go.

use runs::artifacts::{Store, StoreSettings, StoreWords};
use std::path::Path;

/// Where large artifacts go.
#[derive(Debug, clap::Args)]
pub struct ArtifactArguments {
    /// file:///directory or s3://bucket/prefix; `artifacts` in the data directory when absent.
    #[arg(long = "artifacts", env = "RUNBOARD_ARTIFACTS")]
    pub address: Option<String>,
    /// Address of the S3 service; Amazon's when absent.
    #[arg(long, env = "RUNBOARD_S3_ENDPOINT")]
    pub s3_endpoint: Option<String>,
    /// Region of the bucket; us-east-1 when absent.
    #[arg(long, env = "RUNBOARD_S3_REGION")]
    pub s3_region: Option<String>,
    /// Id of the access key.
    #[arg(long, env = "RUNBOARD_S3_KEY_ID")]
    pub s3_key_id: Option<String>,
    /// Secret of the access key.
    #[arg(long, env = "RUNBOARD_S3_SECRET", hide_env_values = true)]
    pub s3_secret: Option<String>,
    /// Whether the bucket stands in the path (true) or in the name of the host (false).
    #[arg(long, env = "RUNBOARD_S3_PATH_STYLE")]
    pub s3_path_style: Option<String>,
    /// Most bytes of one artifact; 256 MiB when absent.
    #[arg(long, env = "RUNBOARD_ARTIFACT_MAX_BYTES")]
    pub artifact_max_bytes: Option<String>,
}

impl ArtifactArguments {
    /// Opens the store that they name.
    pub(super) fn open(&self, data_dir: &Path) -> anyhow::Result<Store> {
        let words = StoreWords {
            address: self.address.clone(),
            endpoint: self.s3_endpoint.clone(),
            region: self.s3_region.clone(),
            key_id: self.s3_key_id.clone(),
            secret: self.s3_secret.clone(),
            path_style: self.s3_path_style.clone(),
            most_bytes: self.artifact_max_bytes.clone(),
        };
        let settings = StoreSettings::parse(&words, &data_dir.join("artifacts"))?;
        Ok(Store::open(&settings)?)
    }
}
