//! What the pages of the set-up share.

use super::{link::Keys, migration::Migration};
use crate::{config::Config, door, http::leptos_options, random::random_hex, state::AppState};
use app::setup::{Frame, Progress, Step};
use axum_extra::extract::CookieJar;
use http::HeaderMap;
use leptos::config::LeptosOptions;
use runs::setup::{Address, Check, Look};
use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};
use tokio::sync::Notify;

/// Shared by all requests; cheap to clone.
#[derive(Clone)]
pub struct Setup(Arc<Parts>);

struct Parts {
    public_url: String,
    leptos: LeptosOptions,
    site_root: PathBuf,
    secret_key_file: PathBuf,
    migrates: bool,
    keys: Keys,
    /// The address in use: that of the settings, until another is entered.
    database_url: Mutex<Option<String>>,
    /// Whether it was entered here.
    is_entered: Mutex<bool>,
    /// What was seen last.
    seen: Mutex<Option<Arc<Look>>>,
    migration: Migration,
    /// Something happened that may have made the database usable.
    nudge: Notify,
    /// There once the usual router stands.
    state: OnceLock<AppState>,
    smoke: Mutex<Smoke>,
}

/// The smoke run of this start.
#[derive(Clone)]
pub(super) struct Smoke {
    /// Names the round, so that a second click finds the runs of the first.
    pub(super) round: String,
    /// Its runs.
    pub(super) runs: Vec<String>,
}

impl Smoke {
    pub(super) fn new() -> Self {
        Self {
            round: format!("setup-{}", random_hex::<8>()),
            runs: Vec::new(),
        }
    }
}

impl Setup {
    pub(super) fn new(config: &Config, address: SocketAddr, migrates: bool) -> Self {
        Self(Arc::new(Parts {
            public_url: door::public_url(config, address),
            leptos: leptos_options(config, address),
            site_root: config.site_root.clone(),
            secret_key_file: config.secret_key_file.clone(),
            migrates,
            keys: Keys::new(),
            database_url: Mutex::new(config.database_url.clone()),
            is_entered: Mutex::new(false),
            seen: Mutex::new(None),
            migration: Migration::default(),
            nudge: Notify::new(),
            state: OnceLock::new(),
            smoke: Mutex::new(Smoke::new()),
        }))
    }

    /// Address by which people reach the server.
    pub fn url(&self) -> &str {
        &self.0.public_url
    }

    /// The link that works now.
    pub fn link(&self) -> String {
        format!("{}/setup/link/{}", self.0.public_url, self.0.keys.link())
    }

    /// On the console itself: whoever reads it may set up.
    pub(super) fn tell_link(&self) {
        println!("Set up Runboard (this link works once): {}", self.link());
    }

    pub(super) fn keys(&self) -> &Keys {
        &self.0.keys
    }

    pub(super) fn site_root(&self) -> &std::path::Path {
        &self.0.site_root
    }

    pub(super) fn secret_key_file(&self) -> &std::path::Path {
        &self.0.secret_key_file
    }

    /// Whether migrations are applied without asking.
    pub(super) fn migrates(&self) -> bool {
        self.0.migrates
    }

    pub(super) fn is_https(&self) -> bool {
        self.0.public_url.starts_with("https:")
    }

    pub(super) fn migration(&self) -> &Migration {
        &self.0.migration
    }

    /// The address in use.
    pub(super) fn database_url(&self) -> Option<String> {
        held(&self.0.database_url).clone()
    }

    /// Uses another address, for as long as this process lives.
    pub(super) fn enter(&self, url: String) {
        *held(&self.0.database_url) = Some(url);
        *held(&self.0.is_entered) = true;
        *held(&self.0.seen) = None;
        self.nudge();
    }

    /// Looks at the database now.
    pub(super) async fn look(&self) -> Option<Arc<Look>> {
        let url = self.database_url()?;
        let look = Arc::new(runs::setup::look(&url).await);
        if self.database_url().as_deref() == Some(url.as_str()) {
            *held(&self.0.seen) = Some(look.clone());
        }
        Some(look)
    }

    /// What was seen last.
    pub(super) fn seen(&self) -> Option<Arc<Look>> {
        held(&self.0.seen).clone()
    }

    /// Why the server cannot serve, in words for everybody.
    pub(super) fn reason(&self) -> String {
        if self.database_url().is_none() {
            return "DATABASE_URL is not set".to_owned();
        }
        let Some(look) = self.seen() else {
            return "the database is being looked at".to_owned();
        };
        let pending = look.ledger.as_ref().map_or(0, |ledger| ledger.pending.len());
        match &look.failure {
            Some(failure) => failure.trouble.brief().to_owned(),
            None if self.migration().is_running() => "the database is being migrated".to_owned(),
            None if pending > 0 => format!("{pending} migrations are to be applied"),
            None => "the server takes up its work".to_owned(),
        }
    }

    /// Lets whoever waits for the database look at once.
    pub(super) fn nudge(&self) {
        self.0.nudge.notify_one();
    }

    pub(super) async fn nudged(&self) {
        self.0.nudge.notified().await;
    }

    pub(super) fn opened(&self, state: AppState) {
        let _ = self.0.state.set(state);
    }

    /// The usual state, once the server serves.
    pub(super) fn state(&self) -> Option<&AppState> {
        self.0.state.get()
    }

    pub(super) fn smoke(&self) -> Smoke {
        held(&self.0.smoke).clone()
    }

    pub(super) fn keep_smoke(&self, smoke: Smoke) {
        *held(&self.0.smoke) = smoke;
    }

    /// The first step that is not done.
    pub(super) async fn progress(&self, look: Option<&Look>) -> Progress {
        let Some(look) = look.filter(|look| look.failure.is_none()) else {
            return Progress::At(Step::Connect);
        };
        let is_current = look.ledger.as_ref().is_some_and(runs::setup::Ledger::is_current);
        if !is_current || self.state().is_none() {
            return if look.rights.iter().any(Check::is_broken) {
                Progress::At(Step::Rights)
            } else if is_current {
                Progress::At(Step::Admin)
            } else if self.migration().has_begun() {
                Progress::At(Step::Migrate)
            } else {
                Progress::At(Step::Sql)
            };
        }
        match super::steps::admin::exists(self).await {
            Ok(true) if super::steps::smoke::is_green(self).await => Progress::Done,
            Ok(true) => Progress::At(Step::Smoke),
            _ => Progress::At(Step::Admin),
        }
    }

    /// What stands around a page for somebody who may set up.
    pub(super) async fn frame(&self, headers: &HeaderMap, look: Option<&Look>) -> Frame {
        Frame {
            progress: Some(self.progress(look).await),
            unkept_address: self.unkept(),
            ..self.bare_frame(headers)
        }
    }

    /// What stands around a page for everybody.
    pub(super) fn bare_frame(&self, headers: &HeaderMap) -> Frame {
        let theme = CookieJar::from_headers(headers)
            .get("theme")
            .map(|cookie| cookie.value().to_owned());
        Frame {
            options: self.0.leptos.clone(),
            theme: theme.filter(|theme| matches!(theme.as_str(), "light" | "dark")),
            progress: None,
            unkept_address: None,
        }
    }

    fn unkept(&self) -> Option<String> {
        if !*held(&self.0.is_entered) {
            return None;
        }
        let Address {
            host,
            port,
            database,
            user,
            tls,
            ..
        } = Address::read(&self.database_url()?)?;
        let (host, socket) = if host.starts_with('/') {
            ("localhost".to_owned(), format!("host={host}&"))
        } else {
            (host, String::new())
        };
        Some(format!(
            "DATABASE_URL=postgres://{user}:PASSWORD@{host}:{port}/{database}?{socket}sslmode={tls}"
        ))
    }
}

fn held<T>(lock: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
