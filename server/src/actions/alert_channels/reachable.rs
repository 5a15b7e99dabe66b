//! Whether a webhook may have an address.

use crate::error::{ApiError, ApiResult};
use ::runs::network::{NetworkError, NetworkPolicy};
use url::Url;

/// Refuses an address that no message would ever reach. Each message is judged again when it is sent; a name
/// that cannot be resolved now may be later, and what is no address at all the database refuses.
pub(super) async fn reachable(network: &NetworkPolicy, url: Option<&str>) -> ApiResult<()> {
    let Some(url) = url.and_then(|url| url.parse::<Url>().ok()) else {
        return Ok(());
    };
    match network.resolve(&url).await {
        Err(error @ NetworkError::Refused(address)) => Err(ApiError::invalid("url", format!("{error}.")).hint(
            format!("If webhooks should reach it, start the server with RUNBOARD_ALLOW_ADDRESS={address}."),
        )),
        _ => Ok(()),
    }
}
