//! The kind `approval`: the run waits until a person decides.

use super::{StepContext, StepError, StepKindHandler};
use db::queue::Wait;
use domain::{OnTimeout, Role, WaitKind};
use futures::future::BoxFuture;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Asks people.
#[derive(Debug, Clone, Copy, Default)]
pub struct Approval;

/// `with` of an approval step.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct With {
    #[serde(default = "operator")]
    role: Role,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    timeout_seconds: Option<f64>,
    #[serde(default)]
    on_timeout: Option<OnTimeout>,
}

fn operator() -> Role {
    Role::Operator
}

impl StepKindHandler for Approval {
    fn run<'a>(&'a self, step: StepContext<'a>) -> BoxFuture<'a, Result<Value, StepError>> {
        Box::pin(async move {
            let with: With = step.with_as()?;
            Err(StepError::wait(Wait {
                role: Some(with.role),
                message: with.message,
                timeout_seconds: with.timeout_seconds,
                on_timeout: with.on_timeout,
                ..Wait::new(WaitKind::Approval)
            }))
        })
    }

    fn may_wait(&self, _: &Map<String, Value>) -> bool {
        true
    }
}
