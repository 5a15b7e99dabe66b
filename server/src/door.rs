//! The socket and what stands behind it, which may change while requests come in.

use crate::{config::Config, start::StartError};
use axum::{
    Router, ServiceExt,
    extract::{Request, connect_info::IntoMakeServiceWithConnectInfo},
    response::Response,
};
use std::{
    convert::Infallible,
    future::Future,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, PoisonError, RwLock},
    task::{Context, Poll},
};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;
use tower::{Service, ServiceExt as _};

/// Ports tried after the one that was asked for, when nobody insists on it.
const OTHER_PORTS: u16 = 50;

/// A socket that is served.
pub(crate) struct Door {
    /// Where it is.
    pub(crate) address: SocketAddr,
    /// Ends it in order.
    pub(crate) stop: CancellationToken,
    /// Over when it has ended.
    pub(crate) serving: JoinHandle<io::Result<()>>,
    switch: Switch,
}

impl Door {
    /// Serves `router` at `listener`.
    pub(crate) fn open(listener: TcpListener, address: SocketAddr, router: Router) -> Self {
        let (switch, stop) = (Switch(Arc::new(RwLock::new(router))), CancellationToken::new());
        let service: IntoMakeServiceWithConnectInfo<Switch, SocketAddr> =
            ServiceExt::<Request>::into_make_service_with_connect_info(switch.clone());
        let stopped = stop.clone().cancelled_owned();
        let serving = tokio::spawn(async move { axum::serve(listener, service).with_graceful_shutdown(stopped).await });
        Self {
            address,
            stop,
            serving,
            switch,
        }
    }

    /// From now on every request, also on a connection that is open, goes to `router`.
    pub(crate) fn lead_to(&self, router: Router) {
        *self.switch.0.write().unwrap_or_else(PoisonError::into_inner) = router;
    }
}

/// Asks at each request where it leads.
#[derive(Clone)]
struct Switch(Arc<RwLock<Router>>);

impl Service<Request> for Switch {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let router = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        Box::pin(router.oneshot(request))
    }
}

/// Listens where it was asked to; on the next free port when nobody insisted.
pub(crate) async fn bind(config: &Config) -> Result<(TcpListener, SocketAddr), StartError> {
    let asked = config.listen;
    let last = if config.is_listen_chosen {
        asked.port()
    } else {
        asked.port().saturating_add(OTHER_PORTS)
    };
    let refused_with = |source| StartError::Listen { address: asked, source };
    let mut refused = None;
    for port in asked.port()..=last {
        match TcpListener::bind(SocketAddr::new(asked.ip(), port)).await {
            Ok(listener) => {
                let address = listener.local_addr().map_err(refused_with)?;
                return Ok((listener, address));
            }
            Err(source) if source.kind() == io::ErrorKind::AddrInUse => refused = refused.or(Some(source)),
            Err(source) => return Err(refused_with(source)),
        }
    }
    Err(refused_with(refused.unwrap_or_else(|| io::ErrorKind::AddrInUse.into())))
}

/// Address by which people reach the server, without a slash at the end.
pub(crate) fn public_url(config: &Config, address: SocketAddr) -> String {
    match &config.public_url {
        Some(url) => url.as_str().trim_end_matches('/').to_owned(),
        // An address that means every interface is none to call.
        None if address.ip().is_unspecified() => format!("http://127.0.0.1:{}", address.port()),
        None => format!("http://{address}"),
    }
}
