//! Which kinds of steps a worker serves: those it was told to, else all that can run here.

use super::Arguments;
use crate::{
    Keyring,
    config::usual_scratch_root,
    scratch::Scratch,
    steps::{
        Kinds,
        action::Action,
        agent::Agent,
        api::{Api, NetworkPolicy},
        approval::Approval,
        docker::{Docker, Engine, USUAL_ADDRESS},
        mcp::Mcp,
        shell::Shell,
    },
};
use anyhow::Context;
use domain::StepKind;
use runs::{
    actions::{
        Handlers,
        artifacts_sweep::{ArtifactsSweep, NAME as SWEEP},
    },
    artifacts::Store,
};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// The handlers of the kinds that `arguments` ask for.
pub(super) async fn kinds(arguments: &Arguments, key: &Keyring, store: &Store) -> anyhow::Result<Kinds> {
    let engine = Engine::at(&docker_address(arguments));
    let wanted = wanted(arguments, &engine).await;
    let root = arguments.scratch.clone().unwrap_or_else(usual_scratch_root);
    let scratch = Arc::new(Scratch::new(&root).with_context(|| format!("making {}", root.display()))?);
    let policy = NetworkPolicy {
        allow_private: arguments.allow_private_networks,
        allowed: arguments.allow_address.clone(),
    };
    let mut kinds = Kinds::none();
    for kind in wanted {
        let word = kind.as_str();
        kinds = match kind {
            StepKind::Shell => kinds.with(word, Shell::new(Arc::clone(&scratch))),
            StepKind::Api => kinds.with(word, Api::new(policy.clone())),
            StepKind::Docker => kinds.with(
                word,
                Docker {
                    engine: engine.clone(),
                    allowed_mounts: arguments.allow_mount.clone(),
                    installation: installation(key, &arguments.database_url),
                    scratch: Arc::clone(&scratch),
                },
            ),
            StepKind::Action => kinds.with(
                word,
                Action::new(Handlers::builtin().with(SWEEP, ArtifactsSweep::of(store.clone()))),
            ),
            StepKind::Mcp => kinds.with(word, Mcp::new(policy.clone(), Arc::clone(&scratch))),
            StepKind::Agent => kinds.with(word, Agent::new(policy.clone())),
            StepKind::Approval => kinds.with(word, Approval),
        };
    }
    Ok(kinds)
}

/// Who names kinds gets them, and steps that say what is missing; who names none gets what runs here.
async fn wanted(arguments: &Arguments, engine: &Engine) -> Vec<StepKind> {
    let named = !arguments.kinds.is_empty();
    let mut wanted = if named {
        arguments.kinds.clone()
    } else {
        StepKind::ALL.to_vec()
    };
    if wanted.contains(&StepKind::Docker) && !engine.answers().await {
        let missing = engine.missing();
        if named {
            tracing::warn!("Docker steps will fail: {missing}. Start it, or name another in RUNBOARD_DOCKER_HOST.");
        } else {
            tracing::info!("Docker steps are left to other workers: {missing}.");
            wanted.retain(|kind| *kind != StepKind::Docker);
        }
    }
    wanted
}

/// Tells this Runboard from others that share an engine. A worker without the key goes by its database.
fn installation(key: &Keyring, database_url: &str) -> String {
    key.get().map_or_else(
        |_| domain::hex(&Sha256::digest(database_url)[..8]),
        |key| key.fingerprint(),
    )
}

fn docker_address(arguments: &Arguments) -> String {
    let named = arguments.docker_host.clone();
    named
        .or_else(|| std::env::var("DOCKER_HOST").ok())
        .filter(|address| !address.is_empty())
        .unwrap_or_else(|| USUAL_ADDRESS.to_owned())
}
