//! How steps reach others over HTTP: only at addresses that are allowed.

pub use runs::network::{AllowedAddress, NetworkPolicy, NotAnAddress};

use super::StepError;
use reqwest::{Client, ClientBuilder, redirect};
use runs::network::NetworkError;
use std::{net::SocketAddr, time::Duration};
use url::Url;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

impl From<NetworkError> for StepError {
    fn from(error: NetworkError) -> Self {
        let message = error.to_string();
        match error {
            NetworkError::Scheme(_) => {
                Self::words("invalid_input", message).hint("Write an address with http:// or https://.")
            }
            NetworkError::NoHost => Self::words("invalid_input", message),
            NetworkError::Unresolved { source, .. } => Self::words("not_reachable", message)
                .hint("Check the spelling of the host and the name service of the worker.")
                .retryable()
                .caused_by(source),
            NetworkError::Refused(address) => Self::words("address_refused", message).hint(format!(
                "If the step should reach it, an administrator starts the worker with --allow-address {address}."
            )),
        }
    }
}

/// A client that knows one host, at addresses that were judged, and follows nothing by itself.
pub(super) fn client(url: &Url, addresses: &[SocketAddr]) -> ClientBuilder {
    Client::builder()
        .resolve_to_addrs(url.host_str().unwrap_or_default(), addresses)
        .no_proxy()
        .redirect(redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .user_agent(concat!("runboard/", env!("CARGO_PKG_VERSION")))
}

/// What a failed exchange with `url` means, in words.
pub(super) fn unreachable(error: &reqwest::Error, url: &Url) -> StepError {
    let host = url.host_str().unwrap_or_default();
    let words = if error.is_timeout() {
        StepError::words("timeout", format!("{host} did not answer in time"))
            .hint("Give the step a longer timeout_seconds, or find out why the other side is slow.")
            .retryable()
    } else if error.is_connect() {
        StepError::words("not_reachable", format!("{host} cannot be reached"))
            .hint("Check the address and whether the other side is running; the log of the worker has the details.")
            .retryable()
    } else if error.is_builder() {
        StepError::words("invalid_input", "the request cannot be built").hint("Check the address and the headers.")
    } else {
        StepError::words("not_reachable", format!("the exchange with {host} broke off"))
            .hint("Usually the next try ends better: give the step retry.")
            .retryable()
    };
    words.caused_by(anyhow::anyhow!("{error:?}"))
}

/// An address as it may be logged: without the user name and password in it.
pub(super) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.to_string()
}
