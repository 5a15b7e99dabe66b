//! What does the work of a step: one handler per kind.

pub mod action;
pub mod agent;
#[cfg(test)]
mod agreement;
pub mod api;
pub mod approval;
pub(crate) mod artifacts;
mod callback;
mod context;
pub mod docker;
mod environment;
mod error;
mod leases;
pub mod mcp;
pub mod network;
mod output;
pub mod shell;

pub use context::{Origin, StepContext};
pub use error::StepError;
pub use leases::Leases;
pub use network::NetworkPolicy;

use futures::future::BoxFuture;
use serde_json::{Map, Value};
use std::{collections::BTreeMap, sync::Arc};

/// Does the work of one kind of step.
///
/// A handler may run twice for one step, with the same effect: what it does outside carries an
/// idempotency key. It has to look at [`StepContext::stop`]; some seconds after a request to stop
/// its future is dropped.
pub trait StepKindHandler: Send + Sync {
    /// Runs one try of a step; answers with what later steps may read.
    fn run<'a>(&'a self, step: StepContext<'a>) -> BoxFuture<'a, Result<Value, StepError>>;

    /// Whether a step of this kind with this `with` may let the run wait ([`StepError::wait`]). A run with
    /// such a step asks, when it is claimed, what was settled before it waited.
    fn may_wait(&self, with: &Map<String, Value>) -> bool {
        let _ = with;
        false
    }

    /// What the kind has to do beside its steps as long as the worker lives, such as clearing what dead
    /// workers left; most have nothing.
    fn tend<'a>(&'a self, leases: &'a Leases) -> BoxFuture<'a, ()> {
        let _ = leases;
        Box::pin(std::future::pending())
    }
}

/// The kinds a worker serves, by the word that stands in a template.
#[derive(Clone, Default)]
pub struct Kinds(BTreeMap<String, Arc<dyn StepKindHandler>>);

impl Kinds {
    /// Serves nothing.
    pub fn none() -> Self {
        Self::default()
    }

    /// Serves `kind` too.
    #[must_use]
    pub fn with(mut self, kind: &str, handler: impl StepKindHandler + 'static) -> Self {
        self.0.insert(kind.to_owned(), Arc::new(handler));
        self
    }

    /// The words of all kinds.
    pub fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    /// Does what the kinds have to do beside their steps; never ends.
    pub(crate) async fn tend(&self, leases: &Leases) {
        futures::future::join_all(self.0.values().map(|handler| handler.tend(leases))).await;
        // Who serves no kind has nothing to do.
        std::future::pending::<()>().await;
    }

    /// The handler of a kind.
    pub fn get(&self, kind: &str) -> Option<&dyn StepKindHandler> {
        self.0.get(kind).map(AsRef::as_ref)
    }
}

impl std::fmt::Debug for Kinds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
