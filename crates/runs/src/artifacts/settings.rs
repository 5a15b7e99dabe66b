//! Where artifacts lie: what was set, parsed.

use super::SettingsError;
use std::path::{Path, PathBuf};
use url::Url;

/// Most bytes of one artifact when nobody says another number.
pub const USUAL_MOST_BYTES: u64 = 256 * 1024 * 1024;

/// The settings as texts, from wherever a program reads its settings.
#[derive(Debug, Clone, Default)]
pub struct StoreWords {
    /// `RUNBOARD_ARTIFACTS`.
    pub address: Option<String>,
    /// `RUNBOARD_S3_ENDPOINT`.
    pub endpoint: Option<String>,
    /// `RUNBOARD_S3_REGION`.
    pub region: Option<String>,
    /// `RUNBOARD_S3_KEY_ID`.
    pub key_id: Option<String>,
    /// `RUNBOARD_S3_SECRET`.
    pub secret: Option<String>,
    /// `RUNBOARD_S3_PATH_STYLE`.
    pub path_style: Option<String>,
    /// `RUNBOARD_ARTIFACT_MAX_BYTES`.
    pub most_bytes: Option<String>,
}

/// The settings, parsed.
#[derive(Clone, PartialEq, Eq)]
pub struct StoreSettings {
    /// Where the objects lie.
    pub place: Place,
    /// Most bytes of one artifact.
    pub most_bytes: u64,
}

/// Where the objects lie.
#[derive(Clone, PartialEq, Eq)]
pub enum Place {
    /// In a directory of this machine.
    Directory(PathBuf),
    /// In a bucket.
    S3 {
        /// Its name.
        bucket: String,
        /// What stands before every key.
        prefix: String,
        /// Address of the service; `None` means Amazon's.
        endpoint: Option<Url>,
        /// Region.
        region: String,
        /// Who we are.
        key_id: String,
        /// And the proof of it.
        secret: String,
        /// Whether the bucket stands in the path and not in the name of the host.
        is_path_style: bool,
    },
}

impl StoreSettings {
    /// Objects in `directory`, with the usual limit.
    pub fn directory(directory: &Path) -> Self {
        Self {
            place: Place::Directory(directory.to_owned()),
            most_bytes: USUAL_MOST_BYTES,
        }
    }

    /// Parses `words`; without an address objects lie in `usual`.
    pub fn parse(words: &StoreWords, usual: &Path) -> Result<Self, SettingsError> {
        let most_bytes = match &words.most_bytes {
            Some(text) => text
                .parse()
                .ok()
                .filter(|most| *most > 0)
                .ok_or_else(|| malformed("RUNBOARD_ARTIFACT_MAX_BYTES", text, "it is a number of bytes"))?,
            None => USUAL_MOST_BYTES,
        };
        let place = match words.address.as_deref() {
            None => Place::Directory(usual.to_owned()),
            // Steps know a directory under the same name; a command called inside one must not stumble over it.
            Some(address) if address.starts_with('/') => Place::Directory(PathBuf::from(address)),
            Some(address) => place(address, words)?,
        };
        Ok(Self { place, most_bytes })
    }
}

fn place(address: &str, words: &StoreWords) -> Result<Place, SettingsError> {
    let no_address = || SettingsError::NotAnAddress {
        // A password has no business in it, but people try.
        given: address.split_once('@').map_or(address, |(_, rest)| rest).to_owned(),
    };
    let url = Url::parse(address).map_err(|_| no_address())?;
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.port().is_some() {
        return Err(no_address());
    }
    match (url.scheme(), url.host_str()) {
        ("file", None) if address.starts_with("file:///") => {
            let path = url.to_file_path().map_err(|()| no_address())?;
            Ok(Place::Directory(path))
        }
        ("s3", Some(bucket)) => bucket_at(bucket, url.path(), words),
        _ => Err(no_address()),
    }
}

fn bucket_at(bucket: &str, path: &str, words: &StoreWords) -> Result<Place, SettingsError> {
    let endpoint = words.endpoint.as_deref().map(endpoint).transpose()?;
    let needed = |value: &Option<String>, name| value.clone().ok_or(SettingsError::Missing { name });
    let is_path_style = match words.path_style.as_deref() {
        Some("true") => true,
        Some("false") => false,
        Some(other) => return Err(malformed("RUNBOARD_S3_PATH_STYLE", other, "it is true or false")),
        // Amazon wants the bucket in the host; servers of one's own seldom have a name per bucket.
        None => endpoint.is_some(),
    };
    Ok(Place::S3 {
        bucket: bucket.to_owned(),
        prefix: path.trim_matches('/').to_owned(),
        endpoint,
        region: words.region.clone().unwrap_or_else(|| "us-east-1".to_owned()),
        key_id: needed(&words.key_id, "RUNBOARD_S3_KEY_ID")?,
        secret: needed(&words.secret, "RUNBOARD_S3_SECRET")?,
        is_path_style,
    })
}

fn endpoint(text: &str) -> Result<Url, SettingsError> {
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host() && url.username().is_empty())
        .ok_or_else(|| {
            let form = "it is the address of an S3 service, such as https://fra1.digitaloceanspaces.com";
            malformed("RUNBOARD_S3_ENDPOINT", text, form)
        })
}

fn malformed(name: &'static str, value: &str, form: &'static str) -> SettingsError {
    SettingsError::Malformed {
        name,
        value: value.to_owned(),
        form,
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Directory(path) => write!(f, "{}", path.display()),
            Self::S3 { bucket, prefix, .. } => write!(f, "s3://{bucket}/{prefix}"),
        }
    }
}

/// Never shows the secret.
impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Place({self})")
    }
}

impl std::fmt::Debug for StoreSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StoreSettings({}, {} bytes)", self.place, self.most_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(address: &str) -> StoreWords {
        StoreWords {
            address: Some(address.to_owned()),
            key_id: Some("AKID".to_owned()),
            secret: Some("hunter2hunter2".to_owned()),
            ..StoreWords::default()
        }
    }

    fn parse(words: &StoreWords) -> Result<StoreSettings, String> {
        StoreSettings::parse(words, Path::new(".runboard/artifacts")).map_err(|error| error.to_string())
    }

    #[test]
    fn nothing_set_means_the_usual_directory() {
        let settings = parse(&StoreWords::default()).unwrap();
        assert_eq!(settings, StoreSettings::directory(Path::new(".runboard/artifacts")));
    }

    #[test]
    fn a_directory_and_a_bucket_are_addresses() {
        assert_eq!(
            parse(&words("file:///srv/a%20b")).unwrap().place.to_string(),
            "/srv/a b"
        );
        let with_endpoint = StoreWords {
            endpoint: Some("http://127.0.0.1:9000".to_owned()),
            ..words("s3://bucket/runboard/prod/")
        };
        let Place::S3 {
            prefix, is_path_style, ..
        } = parse(&with_endpoint).unwrap().place
        else {
            panic!("a bucket")
        };
        assert_eq!((prefix.as_str(), is_path_style), ("runboard/prod", true));
    }

    #[test]
    fn what_is_no_address_is_said_in_a_sentence_without_secrets() {
        for address in [
            "s3:/bucket",
            "artifacts",
            "http://bucket",
            "file://host/x",
            "s3://",
            "file:relative",
        ] {
            let said = parse(&words(address)).unwrap_err();
            assert!(said.contains("file:///directory or s3://bucket/prefix"), "{said}");
        }
        let said = parse(&words("s3://id:hunter2@bucket/")).unwrap_err();
        assert!(!said.contains("hunter2"), "{said}");
        let no_key = StoreWords {
            key_id: None,
            ..words("s3://bucket")
        };
        assert!(parse(&no_key).unwrap_err().contains("RUNBOARD_S3_KEY_ID"));
        let shown = format!("{:?}", parse(&words("s3://bucket/x")).unwrap());
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
