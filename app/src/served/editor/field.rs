//! One place of a template as a field of the form: the text it shows, and what an entered text means.

use runs::template::edit::{Change, Path, pointer_of, yaml};
use serde_json::{Value, json};

/// A field.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Field {
    /// Where its value stands.
    pub(super) path: Path,
    /// What people call it.
    pub(super) label: String,
    /// What to enter.
    pub(super) help: String,
    /// How it is entered.
    pub(super) kind: Kind,
    /// What it shows.
    pub(super) text: String,
}

/// How a value is entered.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// One line.
    Text,
    /// Several lines.
    Lines,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// Yes, no, or what comes by itself.
    Flag,
    /// One of these words, or what comes by itself.
    Choice(Vec<String>),
    /// Names of steps, with commas between them; `none` for none at all.
    Names,
    /// One value per line, of this JSON type.
    List(String),
    /// A value of this JSON type on one line.
    Typed(String),
    /// Anything, as YAML.
    Yaml,
    /// The name of what stands at the place.
    Name,
    /// Whether the last name of the place stands in the list `required` beside `properties`.
    Required,
}

impl Field {
    /// The field of `path` in a template that means `template`.
    pub(super) fn new(template: &Value, path: &[&str], label: &str, help: &str, kind: Kind) -> Self {
        let path: Path = path.iter().map(|&name| name.to_owned()).collect();
        let text = kind.text(template, &path);
        Self {
            path,
            label: label.to_owned(),
            help: help.to_owned(),
            kind,
            text,
        }
    }

    /// What it is called in the form.
    pub(super) fn name(&self) -> String {
        let sort = match self.kind {
            Kind::Name => "name",
            Kind::Required => "required",
            _ => "set",
        };
        format!("{sort}:{}", pointer_of(&self.path))
    }

    /// The changes that `entered` asks for; none when it is what the field shows. Or what is wrong with it.
    pub(super) fn changes(&self, template: &Value, entered: &str) -> Result<Vec<Change>, String> {
        let entered = entered.replace("\r\n", "\n");
        if entered.trim_start_matches('\n') == self.text.trim_start_matches('\n') {
            return Ok(Vec::new());
        }
        match self.kind {
            Kind::Name => rename(template, &self.path, entered.trim()),
            Kind::Required => Ok(vec![require(template, &self.path, !entered.is_empty())]),
            _ => Ok(vec![match self.kind.value(&entered)? {
                Some(value) => Change::Set(self.path.clone(), value),
                None => Change::Remove(self.path.clone()),
            }]),
        }
    }
}

impl Kind {
    fn text(&self, template: &Value, path: &Path) -> String {
        let value = template.pointer(&pointer_of(path));
        let plain = |value: &Value| match value {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        };
        match (self, value) {
            (Self::Name, _) => path.last().cloned().unwrap_or_default(),
            (Self::Required, _) => if is_required(template, path) { "on" } else { "" }.to_owned(),
            (_, None) => String::new(),
            (Self::Yaml, Some(value)) => yaml(value),
            (Self::Names, Some(Value::Array(names))) if names.is_empty() => "none".to_owned(),
            (Self::Names, Some(Value::Array(names))) => names.iter().map(plain).collect::<Vec<_>>().join(", "),
            (Self::List(_), Some(Value::Array(items))) => items.iter().map(plain).collect::<Vec<_>>().join("\n"),
            (_, Some(value)) => plain(value),
        }
    }

    /// What `entered` means; nothing when nothing was entered.
    fn value(&self, entered: &str) -> Result<Option<Value>, String> {
        let line = entered.trim();
        if line.is_empty() {
            return Ok(None);
        }
        Ok(Some(match self {
            Self::Lines => entered.into(),
            Self::Integer => typed("integer", line)?,
            Self::Number => typed("number", line)?,
            Self::Flag => (line == "true").into(),
            Self::Names if line == "none" => json!([]),
            Self::Names => line.split(',').map(str::trim).filter(|name| !name.is_empty()).collect(),
            Self::List(kind) => {
                let lines = entered.lines().map(str::trim).filter(|line| !line.is_empty());
                Value::Array(lines.map(|line| typed(kind, line)).collect::<Result<_, _>>()?)
            }
            Self::Typed(kind) => typed(kind, line)?,
            Self::Yaml => {
                let read = runs::template::edit::value_of(entered);
                read.ok_or_else(|| "This cannot be read as YAML.".to_owned())?
            }
            Self::Text | Self::Choice(_) | Self::Name | Self::Required => line.into(),
        }))
    }
}

fn typed(kind: &str, text: &str) -> Result<Value, String> {
    let read = match kind {
        // A value that is filled in later may stand where a number stands.
        _ if text.contains("{{") => Some(text.into()),
        "integer" => text.parse::<i64>().ok().map(Value::from),
        "number" => text.parse::<f64>().ok().and_then(|number| match text.parse::<i64>() {
            Ok(whole) => Some(whole.into()),
            Err(_) => serde_json::Number::from_f64(number).map(Value::Number),
        }),
        "boolean" => text.parse::<bool>().ok().map(Value::from),
        "array" | "object" => serde_json::from_str(text).ok(),
        _ => Some(text.into()),
    };
    read.ok_or_else(|| {
        match kind {
            "integer" => "Enter a whole number.",
            "number" => "Enter a number, such as 12.5.",
            "boolean" => "Enter true or false.",
            _ => "Enter JSON.",
        }
        .to_owned()
    })
}

/// `…/params/properties/url` → `…/params/required`.
fn required_of(path: &Path) -> Path {
    [&path[..path.len().saturating_sub(2)], &["required".to_owned()]].concat()
}

fn required_names(template: &Value, path: &Path) -> Vec<String> {
    let names = template
        .pointer(&pointer_of(&required_of(path)))
        .and_then(Value::as_array);
    let names = names.into_iter().flatten().filter_map(Value::as_str);
    names.map(str::to_owned).collect()
}

fn is_required(template: &Value, path: &Path) -> bool {
    path.last()
        .is_some_and(|name| required_names(template, path).contains(name))
}

/// The change after which a parameter must be given, or need not.
pub(super) fn require(template: &Value, path: &Path, wanted: bool) -> Change {
    let mut names = required_names(template, path);
    let own = path.last().cloned().unwrap_or_default();
    names.retain(|name| *name != own);
    if wanted {
        names.push(own);
    }
    if names.is_empty() {
        Change::Remove(required_of(path))
    } else {
        Change::Set(required_of(path), json!(names))
    }
}

fn rename(template: &Value, path: &Path, new: &str) -> Result<Vec<Change>, String> {
    let is_name = !new.is_empty()
        && new
            .chars()
            .all(|letter| letter.is_alphanumeric() || "_-.".contains(letter));
    if !is_name {
        return Err("A name has letters, digits, _ and -.".to_owned());
    }
    let mut changes = vec![Change::Rename(path.clone(), new.to_owned())];
    let names = required_names(template, path);
    if let Some(at) = names.iter().position(|name| Some(name) == path.last()) {
        let place = [required_of(path), vec![at.to_string()]].concat();
        changes.push(Change::Set(place, new.into()));
    }
    Ok(changes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template() -> Value {
        json!({"title": "T", "params": {"required": ["url"], "properties": {"url": {"type": "string"}, "count": {"enum": [1, 2]}}},
            "steps": [{"id": "a", "needs": [], "with": {"env": {"A": "b"}}}]})
    }

    fn changes(path: &[&str], kind: Kind, entered: &str) -> Result<Vec<Change>, String> {
        let template = template();
        Field::new(&template, path, "", "", kind).changes(&template, entered)
    }

    fn place(path: &[&str]) -> Path {
        path.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn what_is_shown_and_sent_back_changes_nothing() {
        let template = template();
        for (path, kind) in [
            (&["title"][..], Kind::Text),
            (&["nothing"], Kind::Text),
            (&["params", "properties", "url"], Kind::Name),
            (&["params", "properties", "url"], Kind::Required),
            (
                &["params", "properties", "count", "enum"],
                Kind::List("integer".to_owned()),
            ),
            (&["steps", "0", "needs"], Kind::Names),
            (&["steps", "0", "with", "env"], Kind::Yaml),
        ] {
            let field = Field::new(&template, path, "", "", kind);
            let sent = field.text.replace('\n', "\r\n");
            assert_eq!(field.changes(&template, &sent), Ok(Vec::new()), "{path:?}");
        }
    }

    #[test]
    fn an_entered_text_becomes_a_value_of_its_kind() {
        let set = |path: &[&str], value: Value| Ok(vec![Change::Set(place(path), value)]);
        let count = ["params", "properties", "count", "enum"];
        assert_eq!(
            changes(&count, Kind::List("integer".to_owned()), "1\n3\n"),
            set(&count, json!([1, 3]))
        );
        assert_eq!(changes(&["lane"], Kind::Text, " C "), set(&["lane"], json!("C")));
        assert_eq!(
            changes(&["title"], Kind::Text, ""),
            Ok(vec![Change::Remove(place(&["title"]))])
        );
        let needs = ["steps", "0", "needs"];
        assert_eq!(changes(&needs, Kind::Names, "a, b"), set(&needs, json!(["a", "b"])));
        assert_eq!(
            changes(&["x"], Kind::Integer, "four"),
            Err("Enter a whole number.".to_owned())
        );
        assert_eq!(changes(&["x"], Kind::Yaml, "a: 1\n"), set(&["x"], json!({"a": 1})));
    }

    #[test]
    fn a_new_name_is_required_where_the_old_one_was() {
        let url = ["params", "properties", "url"];
        assert_eq!(
            changes(&url, Kind::Name, "address"),
            Ok(vec![
                Change::Rename(place(&url), "address".to_owned()),
                Change::Set(place(&["params", "required", "0"]), json!("address")),
            ])
        );
        assert!(changes(&url, Kind::Name, "no name").is_err());
    }

    #[test]
    fn a_parameter_is_required_or_not() {
        let required = place(&["params", "required"]);
        assert_eq!(
            changes(&["params", "properties", "count"], Kind::Required, "on"),
            Ok(vec![Change::Set(required.clone(), json!(["url", "count"]))])
        );
        assert_eq!(
            changes(&["params", "properties", "url"], Kind::Required, ""),
            Ok(vec![Change::Remove(required)])
        );
    }
}
