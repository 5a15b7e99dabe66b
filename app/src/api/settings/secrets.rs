//! Secrets: values go in and never come out.

use crate::api::{PageError, caller};
use leptos::prelude::*;
use runs::secrets::{self, SecretError};

/// Stores a value, in place of what had its name.
#[server(prefix = "/fn", endpoint = "put_secret")]
pub(crate) async fn put_secret(name: String, value: String) -> Result<(), PageError> {
    let (services, claims) = caller()?;
    // Browsers send the lines of a form with CRLF; a key file has none.
    let sealed = services.key().seal(name.trim(), &value.replace("\r\n", "\n"))?;
    let mut tx = services.begin(&claims).await?;
    secrets::put(&mut tx, services.now(), &claims, &sealed).await?;
    Ok(tx.commit().await.map_err(db::DbError::from)?)
}

/// Forgets a value.
#[server(prefix = "/fn", endpoint = "delete_secret")]
pub(crate) async fn delete_secret(name: String) -> Result<(), PageError> {
    let (services, claims) = caller()?;
    let mut tx = services.begin(&claims).await?;
    if !secrets::delete(&mut tx, services.now(), &claims, &name).await? {
        return Err(PageError::not_found("secret"));
    }
    Ok(tx.commit().await.map_err(db::DbError::from)?)
}

impl From<SecretError> for PageError {
    fn from(error: SecretError) -> Self {
        let words = format!("This was not done: {error}.");
        match error {
            SecretError::Db(error) => error.into(),
            SecretError::Forbidden { .. } => Self::new(403, "forbidden", words, Some("Ask an administrator for it.")),
            SecretError::NotAName { .. } => Self::of("name", words),
            SecretError::TooShort | SecretError::TooLong => Self::of("value", words),
            SecretError::Missing { .. } | SecretError::OtherKey { .. } => Self::new(409, "secret", words, None),
        }
    }
}
