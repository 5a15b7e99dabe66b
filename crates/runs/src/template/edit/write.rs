//! Values as YAML.

use serde_json::{Map, Value};

/// Words that some readers take for yes, no or nothing.
const WORDS: [&str; 8] = ["y", "n", "yes", "no", "on", "off", "null", "~"];
/// A value this long is written on lines of its own.
const LONG: usize = 72;

/// How deep a block stands below its parent.
pub(super) const STEP: usize = 2;

/// A value on one line.
pub(super) fn inline(value: &Value, in_flow: bool) -> String {
    match value {
        Value::String(text) => line(text, in_flow),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| inline(item, true)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(map) if map.is_empty() => "{}".to_owned(),
        Value::Object(map) => {
            let entry = |(key, value): (&String, &Value)| format!("{}: {}", line(key, true), inline(value, true));
            let entries: Vec<String> = sorted(map).into_iter().map(entry).collect();
            format!("{{ {} }}", entries.join(", "))
        }
        other => other.to_string(),
    }
}

/// A text on one line: bare where that means the same, else in quotes.
pub(super) fn line(text: &str, in_flow: bool) -> String {
    if is_bare(text, in_flow) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// A text in double quotes; JSON's are YAML's.
pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// What stands behind `key:` or `-`, with the space before it. `indent` is that of the key or the dash.
pub(super) fn behind(value: &Value, indent: usize) -> String {
    match value {
        Value::String(text) if is_block(text) => format!(" {}", block_text(text, indent + STEP)),
        Value::Object(map) if !map.is_empty() && !is_short(value) => {
            format!("\n{}", entries(map, indent + STEP).join("\n"))
        }
        Value::Array(items) if !items.is_empty() && !is_short(value) => {
            let items: Vec<String> = items.iter().map(|value| item(value, indent + STEP)).collect();
            format!("\n{}", items.join("\n"))
        }
        other => format!(" {}", inline(other, false)),
    }
}

/// An item of a list with its dash, whose column is `indent`.
pub(super) fn item(value: &Value, indent: usize) -> String {
    let space = " ".repeat(indent);
    match value {
        Value::Object(map) if !map.is_empty() => {
            let lines = entries(map, indent + STEP).join("\n");
            format!("{space}- {}", lines.trim_start())
        }
        other => format!("{space}-{}", behind(other, indent)),
    }
}

/// An entry of a map, whose column is `indent`.
pub(super) fn entry(key: &str, value: &Value, indent: usize) -> String {
    format!("{}{}:{}", " ".repeat(indent), line(key, false), behind(value, indent))
}

/// Several lines as they are, behind `|`.
pub(super) fn block_text(text: &str, indent: usize) -> String {
    let space = " ".repeat(indent);
    let body = text.trim_end_matches('\n');
    let header = if text.len() == body.len() { "|-" } else { "|" };
    let lines: Vec<String> = text
        .strip_suffix('\n')
        .unwrap_or(text)
        .split('\n')
        .map(|line| {
            if line.is_empty() {
                String::new()
            } else {
                format!("{space}{line}")
            }
        })
        .collect();
    format!("{header}\n{}", lines.join("\n"))
}

/// Whether a text has several lines that can stand as they are.
pub(super) fn is_block(text: &str) -> bool {
    text.trim_end().contains('\n') && can_be_block(text)
}

/// Whether a text can stand behind `|`. Spaces at its begin would be taken for its indentation, empty lines at its
/// end for those before what comes next.
pub(super) fn can_be_block(text: &str) -> bool {
    !text.trim().is_empty()
        && !text.starts_with(char::is_whitespace)
        && !text.ends_with("\n\n")
        && !text.contains(|letter: char| letter.is_control() && letter != '\n' && letter != '\t')
}

/// The entries of a map, whose column is `indent`.
pub(super) fn entries(map: &Map<String, Value>, indent: usize) -> Vec<String> {
    let entries = sorted(map).into_iter();
    entries.map(|(key, value)| entry(key, value, indent)).collect()
}

/// In the order in which people write them.
fn sorted(map: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut entries: Vec<_> = map.iter().collect();
    entries.sort_by_key(|(key, _)| rank(key).unwrap_or(usize::MAX));
    entries
}

/// The place of a key of the language among others.
pub(super) fn rank(key: &str) -> Option<usize> {
    const ORDER: [&str; 37] = [
        "version",
        "slug",
        "id",
        "key",
        "label",
        "title",
        "description",
        "lane",
        "kind",
        "type",
        "format",
        "items",
        "enum",
        "default",
        "minimum",
        "maximum",
        "minLength",
        "maxLength",
        "pattern",
        "writeOnly",
        "required",
        "properties",
        "params",
        "with",
        "method",
        "url",
        "shell",
        "script",
        "args",
        "env",
        "if",
        "needs",
        "timeout_seconds",
        "retry",
        "on_failure",
        "steps",
        "policy",
    ];
    ORDER.iter().position(|known| *known == key)
}

fn is_short(value: &Value) -> bool {
    let has_block = |value: &Value| value.as_str().is_some_and(is_block);
    let is_flat = match value {
        Value::Array(items) => items
            .iter()
            .all(|item| !item.is_object() && !item.is_array() && !has_block(item)),
        Value::Object(_) => false,
        _ => true,
    };
    is_flat && inline(value, false).len() <= LONG
}

/// Whether `text` is read as itself without quotes.
fn is_bare(text: &str, in_flow: bool) -> bool {
    let is_plain = !text.is_empty()
        && text.trim() == text
        && !text.contains(char::is_control)
        && !text.contains("{{")
        && !WORDS.contains(&text.to_ascii_lowercase().as_str());
    let around = if in_flow {
        format!("[{text}]")
    } else {
        format!("- {text}")
    };
    is_plain && serde_saphyr::from_str::<Value>(&around).is_ok_and(|read| read == Value::from(vec![text]))
}
