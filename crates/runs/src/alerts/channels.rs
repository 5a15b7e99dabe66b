//! Webhooks that hear of alerts. The secret that signs is sealed like any other, under the name of its
//! channel, and shown once: in the answer to the call that made it.

use super::{Answer, Letter, send};
use crate::{
    Services,
    network::{NetworkError, NetworkPolicy},
    secrets::{SealedSecret, SecretError, SecretKey},
};
use db::{PgConnection, Result, alerts, pool};
use domain::Claims;
use rand::RngExt as _;
use serde_json::{Value, json};
use std::net::SocketAddr;
use url::Url;
use uuid::Uuid;

pub use db::alerts::{ChannelRow, Target, channel, channels as list};

/// What is kept of a secret when nobody gives one: 32 random bytes in hexadecimal.
const SECRET_BYTES: usize = 32;

/// Why a channel was not saved.
#[derive(Debug, thiserror::Error)]
pub enum ChannelError {
    /// The secret cannot be sealed.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The secret it has cannot be opened.
    #[error("the secret of the channel cannot be opened")]
    Sealed(#[source] SecretError),
    /// No message would ever reach its address.
    #[error("{} is an address in a private network", .0.ip())]
    Private(SocketAddr),
    /// Postgres refused or failed.
    #[error("the channel could not be reached")]
    Db(#[from] db::DbError),
}

/// An id for a new channel: its secret is sealed under it before the row is there.
pub fn new_id() -> Uuid {
    uuid::Builder::from_random_bytes(rand::rng().random()).into_uuid()
}

/// A secret that nobody can guess.
pub fn random_secret() -> String {
    let bytes: [u8; SECRET_BYTES] = rand::rng().random();
    domain::hex(&bytes)
}

/// Refuses an address that no message would ever reach. Each message is judged again when it is sent; a name
/// that cannot be resolved now may be later, and what is no address at all the database refuses.
pub async fn reachable(network: &NetworkPolicy, url: Option<&str>) -> std::result::Result<(), ChannelError> {
    let Some(url) = url.and_then(|url| url.parse::<Url>().ok()) else {
        return Ok(());
    };
    match network.resolve(&url).await {
        Err(NetworkError::Refused(address)) => Err(ChannelError::Private(address)),
        _ => Ok(()),
    }
}

/// Makes or changes the channel of this id; without a secret it keeps the one it has.
pub async fn save(
    conn: &mut PgConnection,
    key: &SecretKey,
    channel_id: Uuid,
    mut spec: Value,
    secret: Option<&str>,
) -> std::result::Result<(), ChannelError> {
    let sealed = secret
        .map(|secret| key.seal(&name_of(channel_id), secret))
        .transpose()?;
    spec["channel_id"] = Value::String(channel_id.to_string());
    Ok(alerts::save_channel(conn, &spec, sealed.as_ref()).await?)
}

/// Forgets a channel and its log.
pub async fn delete(conn: &mut PgConnection, channel_id: Uuid) -> Result<()> {
    alerts::delete_channel(conn, channel_id).await
}

/// Sends a message to a channel now, whether it is enabled or not, and notes what came back; `None` when there is no
/// channel that the caller may see.
pub async fn test(
    services: &Services,
    claims: &Claims,
    channel_id: Uuid,
) -> std::result::Result<Option<Answer>, ChannelError> {
    let mut tx = services.begin(claims).await?;
    if channel(&mut tx, channel_id).await?.is_none() {
        return Ok(None);
    }
    let Some(target) = target(&mut tx, channel_id).await? else {
        return Ok(None);
    };
    // No transaction stays open while somebody else's server thinks.
    drop(tx);
    let secret = secret(services.key(), &target).map_err(ChannelError::Sealed)?;
    let text = format!("A test of Runboard by {}: this channel works.", claims.actor);
    let body = json!({"event": "test", "text": text, "alert": null});
    let letter = Letter {
        url: &target.url,
        secret: &secret,
        event: "test",
        delivery: "test",
        body: &body,
        at: services.now(),
    };
    let answer = send(services.network(), letter).await;
    let mut tx = services.begin(claims).await?;
    alerts::log_test(&mut tx, channel_id, &body, &answer).await?;
    tx.commit().await.map_err(db::DbError::from)?;
    Ok(Some(answer))
}

/// Where the messages of a channel go. The caller has proven the right to it.
pub async fn target(conn: &mut PgConnection, channel_id: Uuid) -> Result<Option<Target>> {
    pool::act_as_server(conn).await?;
    alerts::target(conn, channel_id).await
}

/// The secret that signs the messages of a channel.
pub fn secret(key: &SecretKey, target: &Target) -> std::result::Result<String, SecretError> {
    key.open(&sealed(target))
}

/// The secrets of all channels as they are sealed, with whose they are.
pub(crate) async fn all_sealed(conn: &mut PgConnection) -> Result<Vec<(Uuid, SealedSecret)>> {
    let targets = alerts::targets(conn).await?;
    Ok(targets
        .iter()
        .map(|target| (target.channel_id, sealed(target)))
        .collect())
}

fn sealed(target: &Target) -> SealedSecret {
    SealedSecret {
        name: name_of(target.channel_id),
        nonce: target.nonce.clone(),
        ciphertext: target.ciphertext.clone(),
    }
}

fn name_of(channel_id: Uuid) -> String {
    format!("alert_channel_{}", channel_id.simple())
}
