//! The key file of a service account, and the grant that is signed with it (RFC 7523).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use ring::{rand::SystemRandom, rsa::KeyPair, signature::RSA_PKCS1_SHA256};
use rustls_pki_types::{PrivatePkcs8KeyDer, pem::PemObject as _};
use serde::Deserialize;
use serde_json::json;
use std::fmt;
use url::Url;

/// What is asked for: to read and write spreadsheets.
pub const SCOPE: &str = "https://www.googleapis.com/auth/spreadsheets";
/// Google grants no longer.
const LIFETIME_SECONDS: i64 = 3600;

/// A service account and its key.
pub struct KeyFile {
    /// Its e-mail address, with which spreadsheets are shared.
    pub account: String,
    /// Where tokens are got.
    pub token_uri: Url,
    key_id: Option<String>,
    key: KeyPair,
}

/// A text that is no usable key file.
#[derive(Debug, thiserror::Error)]
pub enum BadKeyFile {
    /// Not the JSON of one.
    #[error("this is no key file of a service account: paste the whole JSON file as it was downloaded")]
    Json(#[source] serde_json::Error),
    /// The key is damaged.
    #[error("private_key is no RSA key in PKCS#8 PEM: download the key file again")]
    Key,
}

#[derive(Deserialize)]
struct Written {
    client_email: String,
    private_key: String,
    #[serde(default)]
    private_key_id: Option<String>,
    token_uri: Url,
}

impl KeyFile {
    /// Reads the JSON of a key file.
    pub fn parse(text: &str) -> Result<Self, BadKeyFile> {
        let written: Written = serde_json::from_str(text).map_err(BadKeyFile::Json)?;
        let der = PrivatePkcs8KeyDer::from_pem_slice(written.private_key.as_bytes()).map_err(|_| BadKeyFile::Key)?;
        let key = KeyPair::from_pkcs8(der.secret_pkcs8_der()).map_err(|_| BadKeyFile::Key)?;
        Ok(Self {
            account: written.client_email,
            token_uri: written.token_uri,
            key_id: written.private_key_id,
            key,
        })
    }

    /// The signed wish for a token.
    pub(super) fn assertion(&self, now: DateTime<Utc>) -> Result<String, BadKeyFile> {
        let mut header = json!({"alg": "RS256", "typ": "JWT"});
        if let Some(id) = &self.key_id {
            header["kid"] = json!(id);
        }
        let claims = json!({
            "iss": self.account,
            "scope": SCOPE,
            "aud": self.token_uri,
            "iat": now.timestamp(),
            "exp": now.timestamp() + LIFETIME_SECONDS,
        });
        let encoded = |part: serde_json::Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let unsigned = format!("{}.{}", encoded(header), encoded(claims));
        let mut signature = vec![0; self.key.public().modulus_len()];
        self.key
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                unsigned.as_bytes(),
                &mut signature,
            )
            .map_err(|_| BadKeyFile::Key)?;
        Ok(format!("{unsigned}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

impl fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyFile")
            .field("token_uri", &self.token_uri.as_str())
            .finish_non_exhaustive()
    }
}
