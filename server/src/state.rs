//! What every handler can reach.

use crate::{
    actions::client_errors::ClientErrors,
    config::Config,
    http::rate_limit::RateLimit,
    live::{Bell, Hub},
};
use axum::extract::FromRef;
use db::settings::Setting;
use leptos::config::LeptosOptions;
use runs::{Services, connections::Connections};
use std::{ops::Deref, sync::Arc};
use tokio_util::sync::CancellationToken;

/// Shared by all requests; cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Parts>);

/// The parts of [`AppState`].
pub struct Parts {
    /// The use cases.
    pub services: Services,
    /// The live stream.
    pub hub: Hub,
    /// What the pages are served with.
    pub leptos: LeptosOptions,
    /// The settings.
    pub config: Config,
    /// Address by which people reach this server, without a slash at the end.
    pub public_url: String,
    /// What this installation is connected with, as far as it may be shown.
    pub connections: Arc<Connections>,
    /// Tries to log in, by address of the caller.
    pub logins: RateLimit,
    /// Writes, by caller.
    pub writes: RateLimit,
    /// Calls of workers, by token.
    pub worker_calls: RateLimit,
    /// What pages reported that broke.
    pub client_errors: ClientErrors,
    /// Rings when there may be work for those who wait for it.
    pub bell: Bell,
    /// The server is about to stop: nobody should wait any longer.
    pub stopping: CancellationToken,
}

impl AppState {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// Goes by these settings from now on.
    pub fn heed(&self, settings: &[Setting]) {
        for setting in settings {
            match setting.key.as_str() {
                "writes_per_minute" => self.writes.allow(setting.value.unsigned_abs()),
                "worker_calls_per_minute" => self.worker_calls.allow(setting.value.unsigned_abs()),
                _ => {}
            }
        }
    }

    /// Whether browsers reach this server by https only.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https:")
    }
}

impl Deref for AppState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl FromRef<AppState> for Services {
    fn from_ref(state: &AppState) -> Self {
        state.services.clone()
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}

impl FromRef<AppState> for Hub {
    fn from_ref(state: &AppState) -> Self {
        state.hub.clone()
    }
}
