//! What a program leaves for later steps: lines `name=value`, or JSON objects, one per line.

use super::StepError;
use serde_json::{Map, Value};
use std::{fs, path::Path};

/// Largest output of a step, in bytes.
const LARGEST: u64 = 64 * 1024;

/// Reads the file a program wrote; later lines win.
pub(super) fn read(path: &Path) -> Result<Value, StepError> {
    let size = fs::metadata(path).map_or(0, |about| about.len());
    if size > LARGEST {
        return Err(too_large(size));
    }
    parse(&fs::read(path).unwrap_or_default())
}

/// Reads what stands in such a file.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, StepError> {
    if bytes.len() as u64 > LARGEST {
        return Err(too_large(bytes.len() as u64));
    }
    let mut output = Map::new();
    for line in String::from_utf8_lossy(bytes)
        .lines()
        .filter(|line| !line.trim().is_empty())
    {
        if let Ok(Value::Object(fields)) = serde_json::from_str(line) {
            output.extend(fields);
        } else if let Some((name, value)) = line.split_once('=') {
            output.insert(name.trim().to_owned(), Value::from(value));
        } else {
            return Err(StepError::words(
                "invalid_output",
                format!("an output line is neither name=value nor a JSON object: {line}"),
            )
            .hint("Look at what the program writes to $RUNBOARD_OUTPUT."));
        }
    }
    Ok(Value::Object(output))
}

fn too_large(size: u64) -> StepError {
    let message = format!(
        "the output has {} KiB; at most {} are kept",
        size.div_ceil(1024),
        LARGEST / 1024
    );
    StepError::words("output_too_large", message).hint("Write large results to a file in $RUNBOARD_ARTIFACTS instead.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn output(text: &str) -> Result<Value, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), text).unwrap();
        read(file.path()).map_err(|error| error.code.into_owned())
    }

    #[test]
    fn lines_and_objects_become_one_object() {
        assert_eq!(
            output("a=1\n\n{\"b\": [2], \"a\": 3}\nc=x=y\n"),
            Ok(json!({"a": 3, "b": [2], "c": "x=y"}))
        );
        assert_eq!(output(""), Ok(json!({})));
    }

    #[test]
    fn what_is_neither_is_refused() {
        assert_eq!(output("hello\n"), Err("invalid_output".to_owned()));
        assert_eq!(output(&"x".repeat(70_000)), Err("output_too_large".to_owned()));
    }
}
