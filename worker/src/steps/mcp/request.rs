//! `with` of an mcp step.

use crate::steps::{StepContext, StepError, environment};
use http::{HeaderName, HeaderValue};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::{collections::HashMap, time::Duration};
use url::Url;

/// `with` of an mcp step.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct With {
    server: Server,
    pub(super) tool: String,
    #[serde(default)]
    pub(super) arguments: Map<String, Value>,
    #[serde(default = "one_minute")]
    timeout_seconds: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Server {
    #[serde(default)]
    command: Option<String>,
    #[serde(default)]
    args: Vec<Value>,
    #[serde(default)]
    env: Map<String, Value>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    headers: Map<String, Value>,
}

/// How a server is reached.
#[derive(Debug)]
pub(super) enum Way {
    /// A program that is started and talked to over its standard streams.
    Program {
        command: String,
        args: Vec<String>,
        env: Vec<(String, String)>,
    },
    /// An address.
    Address {
        url: Url,
        headers: HashMap<HeaderName, HeaderValue>,
    },
}

impl With {
    /// Longest silence of the server.
    pub(super) fn patience(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds)
    }

    /// How the server is reached.
    pub(super) fn way(&self, step: &StepContext<'_>) -> Result<Way, StepError> {
        let server = &self.server;
        match (&server.command, &server.url) {
            (Some(command), None) => Ok(Way::Program {
                command: command.clone(),
                args: server.args.iter().map(environment::text).collect(),
                env: server
                    .env
                    .iter()
                    .map(|(name, value)| (name.clone(), environment::text(value)))
                    .collect(),
            }),
            (None, Some(url)) => Ok(Way::Address {
                url: url
                    .trim()
                    .parse()
                    .map_err(|error| invalid(format!("{url:?} is no address: {error}")))?,
                headers: self.headers(step)?,
            }),
            _ => Err(invalid("a server is either a command or a url".to_owned())),
        }
    }

    fn headers(&self, step: &StepContext<'_>) -> Result<HashMap<HeaderName, HeaderValue>, StepError> {
        let own = [
            ("idempotency-key", step.idempotency_key()),
            ("x-runboard-run", step.run_id.to_owned()),
            ("x-runboard-lease", step.lease_seq.to_string()),
        ];
        let own = own.into_iter().map(|(name, value)| (name.to_owned(), value));
        let given = self.server.headers.iter();
        let given = given.map(|(name, value)| (name.to_ascii_lowercase(), environment::text(value)));
        own.chain(given)
            .map(|(name, value)| {
                let wrong = || invalid(format!("the header {name} cannot be sent"));
                Ok((
                    HeaderName::try_from(&name).map_err(|_| wrong())?,
                    HeaderValue::try_from(&value).map_err(|_| wrong())?,
                ))
            })
            .collect()
    }
}

fn one_minute() -> u64 {
    60
}

fn invalid(message: String) -> StepError {
    StepError::words("invalid_input", message).hint("Look at with in the template and at the parameters of the run.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::agreement::agrees;

    #[test]
    fn with_has_the_fields_of_the_published_schema() {
        agrees::<With>("mcp");
        agrees::<Server>("mcp/properties/server");
    }
}
