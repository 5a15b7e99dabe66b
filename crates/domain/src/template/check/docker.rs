//! Rules of a docker step.

use super::with::{Find, is_interpolated, need_text, refuse_values_in_script};
use serde_json::{Map, Value};

pub(super) fn check(with: &Map<String, Value>, find: &mut Find<'_>) {
    need_text(with, "image", "A docker step needs an image.", find);
    refuse_values_in_script(with, find);
    let has = |key: &str| with.contains_key(key);
    if has("script") && has("command") {
        let message = "A container runs either a script or a command, not both.";
        find("with.command", message.to_owned());
    }
    if has("script") && has("entrypoint") {
        find(
            "with.entrypoint",
            "A script is run by sh; leave entrypoint out.".to_owned(),
        );
    }
    if has("args") && !has("script") {
        find(
            "with.args",
            "args belong to a script; write command instead.".to_owned(),
        );
    }
    for key in ["entrypoint", "command"] {
        refuse_values_in_program(with, key, find);
    }
}

/// The word after `-c` is a program too, whichever shell reads it.
fn refuse_values_in_program(with: &Map<String, Value>, key: &str, find: &mut Find<'_>) {
    let words: Vec<Option<&str>> = with
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(Value::as_str)
        .collect();
    for (position, pair) in words.windows(2).enumerate() {
        let [Some(flag), Some(program)] = pair else { continue };
        if is_program_flag(flag) && is_interpolated(program) {
            let message = "Values reach a program only through env or further words; use $NAME or $1 here.";
            find(&format!("with.{key}[{}]", position + 1), message.to_owned());
        }
    }
}

/// `-c`, and `-ec` or `-lc`, in which it comes last.
fn is_program_flag(word: &str) -> bool {
    word.strip_prefix('-')
        .is_some_and(|letters| letters.ends_with('c') && letters.bytes().all(|byte| byte.is_ascii_alphabetic()))
}
