//! From `with` of a docker step to what the engine is asked to create.

use super::{files, labels::Labels, mounts::AllowedMount};
use crate::steps::{StepContext, StepError, environment};
use bollard::models::{ContainerCreateBody, HostConfig, Mount, MountBindOptions, MountType};
use serde::Deserialize;
use serde_json::{Map, Value};

/// Processes a container may have unless the template says otherwise.
const USUAL_PIDS: i64 = 512;

/// `with` of a docker step.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct With {
    pub(super) image: String,
    #[serde(default)]
    pub(super) pull: Pull,
    #[serde(default)]
    pub(super) script: Option<String>,
    #[serde(default)]
    args: Vec<Value>,
    #[serde(default)]
    entrypoint: Option<Vec<Value>>,
    #[serde(default)]
    command: Option<Vec<Value>>,
    #[serde(default)]
    env: Map<String, Value>,
    #[serde(default)]
    workdir: Option<String>,
    #[serde(default)]
    user: Option<String>,
    #[serde(default)]
    network: Network,
    #[serde(default)]
    cpus: Option<f64>,
    #[serde(default)]
    pub(super) memory_mib: Option<i64>,
    #[serde(default)]
    pids: Option<i64>,
    #[serde(default)]
    mounts: Vec<WantedMount>,
}

/// When an image is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Pull {
    #[default]
    Missing,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Network {
    #[default]
    None,
    Bridge,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WantedMount {
    pub(super) source: String,
    pub(super) target: String,
    #[serde(default = "yes")]
    pub(super) read_only: bool,
}

impl With {
    /// What the engine is asked to create.
    pub(super) fn body(
        &self,
        step: &StepContext<'_>,
        labels: &Labels,
        allowed: &[AllowedMount],
    ) -> Result<ContainerCreateBody, StepError> {
        let texts = |values: &[Value]| values.iter().map(environment::text).collect::<Vec<_>>();
        let (entrypoint, command) = if self.script.is_some() {
            let mut words = vec!["-e".to_owned(), files::SCRIPT.to_owned()];
            words.extend(texts(&self.args));
            (Some(vec!["sh".to_owned()]), Some(words))
        } else {
            (
                self.entrypoint.as_deref().map(texts),
                self.command.as_deref().map(texts),
            )
        };
        Ok(ContainerCreateBody {
            image: Some(self.image.clone()),
            entrypoint,
            cmd: command,
            env: Some(self.environment(step)),
            working_dir: self.workdir.clone(),
            user: self.user.clone(),
            labels: Some(labels.to_map()),
            host_config: Some(HostConfig {
                network_mode: Some(
                    match self.network {
                        Network::None => "none",
                        Network::Bridge => "bridge",
                    }
                    .to_owned(),
                ),
                nano_cpus: self.cpus.map(|cpus| (cpus * 1e9) as i64),
                memory: self.memory_mib.map(|mib| mib * 1024 * 1024),
                // The same number: no swap on top.
                memory_swap: self.memory_mib.map(|mib| mib * 1024 * 1024),
                pids_limit: Some(self.pids.unwrap_or(USUAL_PIDS)),
                mounts: Some(self.mounts(allowed)?),
                security_opt: Some(vec!["no-new-privileges:true".to_owned()]),
                // A process with the number 1 does not hear TERM unless it asks to.
                init: Some(true),
                ..HostConfig::default()
            }),
            ..ContainerCreateBody::default()
        })
    }

    fn environment(&self, step: &StepContext<'_>) -> Vec<String> {
        let own = [
            ("RUNBOARD_RUN_ID", step.run_id.to_owned()),
            ("RUNBOARD_STEP", step.step.to_owned()),
            ("RUNBOARD_ATTEMPT", step.attempt.to_string()),
            ("RUNBOARD_LEASE_SEQ", step.lease_seq.to_string()),
            ("RUNBOARD_ARTIFACTS", files::ARTIFACTS.to_owned()),
            ("RUNBOARD_OUTPUT", files::OUTPUT.to_owned()),
        ];
        own.iter()
            .map(|(name, value)| format!("{name}={value}"))
            .chain(
                self.env
                    .iter()
                    .map(|(name, value)| format!("{name}={}", environment::text(value))),
            )
            .collect()
    }

    fn mounts(&self, allowed: &[AllowedMount]) -> Result<Vec<Mount>, StepError> {
        self.mounts
            .iter()
            .map(|wanted| {
                let source = AllowedMount::judge(allowed, wanted)?;
                Ok(Mount {
                    typ: Some(MountType::BIND),
                    source: Some(source.display().to_string()),
                    target: Some(wanted.target.clone()),
                    read_only: Some(wanted.read_only),
                    bind_options: Some(MountBindOptions {
                        create_mountpoint: Some(false),
                        ..MountBindOptions::default()
                    }),
                    ..Mount::default()
                })
            })
            .collect()
    }
}

fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::agreement::agrees;

    #[test]
    fn with_has_the_fields_of_the_published_schema() {
        agrees::<With>("docker");
        agrees::<WantedMount>("docker/properties/mounts/items");
    }
}
