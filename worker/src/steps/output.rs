//! What a program leaves for later steps: lines `name=value`, or JSON objects, one per line.

use super::{StepError, artifacts};
use crate::runner::LARGEST_OUTPUT;
use serde_json::{Map, Value};
use std::{
    io::{ErrorKind, Read},
    path::Path,
};

/// Reads the file a program wrote; later lines win. A program that removed it leaves nothing.
pub(super) fn read(path: &Path) -> Result<Value, StepError> {
    match artifacts::open(path) {
        Ok((file, _)) => parse(&taken(file).map_err(StepError::retry)?),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Value::Object(Map::new())),
        Err(error) => Err(
            StepError::words("invalid_output", "the file for the output is no regular file any more")
                .hint("Write to $RUNBOARD_OUTPUT instead of putting a link, a pipe or a device in its place.")
                .caused_by(error),
        ),
    }
}

/// As much of an output as shows whether it is too large.
pub(super) fn taken(source: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(LARGEST_OUTPUT as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads what stands in such a file.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, StepError> {
    if bytes.len() > LARGEST_OUTPUT {
        return Err(too_large());
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

fn too_large() -> StepError {
    let message = format!("the output has more than {} KiB", LARGEST_OUTPUT / 1024);
    StepError::words("output_too_large", message).hint("Write large results to a file in $RUNBOARD_ARTIFACTS instead.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::fs;

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

    #[test]
    fn what_took_the_place_of_the_file_is_not_opened() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("output");
        let code = || read(&path).map_err(|error| error.code.into_owned());
        assert_eq!(code(), Ok(json!({})));
        for target in ["/dev/zero", "/dev/stdout", "/etc/passwd"] {
            std::os::unix::fs::symlink(target, &path).unwrap();
            assert_eq!(code(), Err("invalid_output".to_owned()), "{target}");
            fs::remove_file(&path).unwrap();
        }
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &path,
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RWXU,
            0,
        )
        .unwrap();
        assert_eq!(code(), Err("invalid_output".to_owned()));
    }
}
