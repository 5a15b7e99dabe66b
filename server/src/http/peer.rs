//! Where a request comes from.

use axum::extract::{ConnectInfo, FromRequestParts};
use http::request::Parts;
use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

/// Address of the caller: of the connection, or, behind a proxy on this machine, what the proxy says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let connection = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let direct = connection.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip());
        let forwarded = parts.headers.get("x-forwarded-for").and_then(|list| list.to_str().ok());
        // The last one is what our own proxy saw; those before it are what its caller claims.
        let seen = forwarded.and_then(|list| list.rsplit(',').next()?.trim().parse().ok());
        Ok(Self(seen.filter(|_| direct.is_loopback()).unwrap_or(direct)))
    }
}
