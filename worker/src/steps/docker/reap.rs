//! Containers whose worker is gone: found by their labels and removed.

use super::{container, engine::Engine, labels::Labels};
use crate::{pace, steps::Leases};
use bollard::{Docker as Client, query_parameters::ListContainersOptionsBuilder};
use std::{collections::HashMap, time::Duration};

/// How often a worker looks for containers that nobody holds any more.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// Removes what other leases of a run, or an earlier try of this step, left on the engine.
pub(super) async fn remove_earlier(client: &Client, own: &Labels) {
    for (id, labels) in found(client, &own.installation, Some(&own.run_id)).await {
        if labels.lease_seq != own.lease_seq || labels.step == own.step {
            tracing::warn!(
                run.id = own.run_id,
                container.id = id,
                "Removed what an earlier try left running."
            );
            container::remove(client, &id).await;
        }
    }
}

/// Looks now and then, beginning at once, and removes containers under leases that are gone.
pub(super) async fn keep_reaping(engine: &Engine, installation: &str, leases: &Leases) {
    loop {
        if let Ok(client) = engine.connect().await {
            for (id, labels) in found(&client, installation, None).await {
                if leases.is_gone(&labels.run_id, labels.lease_seq).await {
                    tracing::warn!(
                        run.id = labels.run_id,
                        container.id = id,
                        "Removed what a dead worker left running."
                    );
                    container::remove(&client, &id).await;
                }
            }
        }
        pace::pause(pace::jittered(LOOK_EVERY)).await;
    }
}

async fn found(client: &Client, installation: &str, run_id: Option<&str>) -> Vec<(String, Labels)> {
    let filters: HashMap<_, _> = Labels::filters(installation, run_id);
    let options = ListContainersOptionsBuilder::new().all(true).filters(&filters).build();
    let listed = client.list_containers(Some(options)).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "The containers of dead workers cannot be looked for.");
        Vec::new()
    });
    listed
        .into_iter()
        .filter_map(|container| Some((container.id?, Labels::read(&container.labels?)?)))
        .collect()
}
