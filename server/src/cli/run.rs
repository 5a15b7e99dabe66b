//! `runboard run`.

use super::follow::{Door, End, follow};
use crate::config::Config;
use anyhow::Context;
use serde_json::{Map, Value};
use std::process::ExitCode;

/// Start a run. With --wait or --tail the exit code tells how it ended: 0 success, 1 failed, 3 canceled,
/// 4 when it cannot be seen any more.
#[derive(clap::Args)]
pub(super) struct Run {
    /// Template to run.
    template: String,
    /// A parameter, as name=value; numbers, truth values, lists and objects are written as JSON.
    #[arg(short, long = "param", value_name = "NAME=VALUE")]
    params: Vec<String>,
    /// Wait until the run has ended.
    #[arg(long)]
    wait: bool,
    /// Wait, and print what it says meanwhile.
    #[arg(long)]
    tail: bool,
}

impl Run {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<ExitCode> {
        let door = Door::open(&config).await?;
        let schema = door.params_of(&self.template).await?;
        let mut params = Map::new();
        for param in &self.params {
            let (name, text) = param
                .split_once('=')
                .with_context(|| format!("{param:?} is not NAME=VALUE"))?;
            params.insert(name.to_owned(), value(&schema, name, text));
        }
        let run_id = door.start(&self.template, params).await?;
        println!("{run_id}");
        if !self.wait && !self.tail {
            return Ok(ExitCode::SUCCESS);
        }
        Ok(finish(follow(&door, &run_id, self.tail).await, &run_id))
    }
}

/// The exit code; who does not know the end is told how to look again.
pub(super) fn finish(end: End, run_id: &str) -> ExitCode {
    let code = match end {
        End::Ended(code) => return code,
        End::Interrupted => 130,
        End::Lost(error) => {
            eprintln!("runboard: {}", super::words(&error));
            4
        }
    };
    eprintln!("{run_id} goes on; look again with: runboard tail {run_id} --follow");
    ExitCode::from(code)
}

/// A text stays text when the template asks for text; else what is JSON is read as JSON.
fn value(schema: &Value, name: &str, text: &str) -> Value {
    let wants_text = schema["properties"][name]["type"] == "string";
    let parsed = (!wants_text).then(|| serde_json::from_str(text).ok()).flatten();
    parsed.unwrap_or_else(|| Value::String(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_parameter_becomes_what_its_template_asks_for() {
        let schema = json!({"properties": {"name": {"type": "string"}, "count": {"type": "integer"}}});
        assert_eq!(value(&schema, "name", "42"), json!("42"));
        assert_eq!(value(&schema, "count", "42"), json!(42));
        assert_eq!(value(&schema, "count", "many"), json!("many"));
        assert_eq!(value(&schema, "other", "[1]"), json!([1]));
    }
}
