//! A template while it is edited: its text, what was entered in the form drawn from it, and which button was pressed.

use super::{
    field::{Field, Kind},
    fields::Fields,
    ops,
};
use runs::template::edit;
use std::collections::HashMap;

/// What a new template begins with.
const BLANK: &str = "version: 1
slug: my-template
title: My template
description: \"\"
lane: B
params:
  type: object
  properties: {}
steps:
  - id: first
    title: First step
    kind: api
    with:
      url: https://example.com/
";

/// A template while it is edited.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// The template; `None` while it is new.
    pub(super) slug: Option<String>,
    /// The version it was begun on; 0 while it is new.
    pub(super) base: i32,
    /// The text.
    pub(super) source: String,
    /// Names of the lanes.
    pub(super) lanes: Vec<String>,
    /// Which button was pressed.
    pub(super) op: String,
    /// Fields whose entry was not taken: name, entry, what is wrong.
    pub(super) refused: Vec<(String, String, String)>,
    /// Where the keyboard goes next.
    pub(super) focus: Option<String>,
    drawn: String,
    entered: HashMap<String, String>,
}

impl Draft {
    /// Begins on a stored version.
    pub(super) fn begin(slug: Option<String>, base: i32, source: Option<String>, lanes: Vec<String>) -> Self {
        let source = source.unwrap_or_else(|| BLANK.to_owned());
        Self {
            slug,
            base,
            drawn: source.clone(),
            source,
            lanes,
            ..Self::default()
        }
    }

    /// Goes on with what a form sent.
    pub(super) fn go_on(pairs: &[(String, String)], lanes: Vec<String>) -> Self {
        let entered: HashMap<String, String> = pairs.iter().cloned().collect();
        let of = |key: &str| entered.get(key).cloned().unwrap_or_default();
        // Forms send CRLF, whatever stood in the text.
        let text = |key: &str| of(key).replace("\r\n", "\n");
        let mut draft = Self {
            slug: Some(of("slug")).filter(|slug| !slug.is_empty()),
            base: of("base").parse().unwrap_or_default(),
            source: text("source"),
            drawn: text("drawn"),
            op: of("op"),
            lanes,
            ..Self::default()
        };
        draft.entered = entered;
        draft.take_entries();
        draft
    }

    /// What was sent beside the fields.
    pub(super) fn entered(&self, key: &str) -> &str {
        self.entered.get(key).map_or("", String::as_str)
    }

    /// Whether a form can be drawn from the text.
    pub(super) fn is_readable(&self) -> bool {
        edit::value_of(&self.source).is_some_and(|value| value.is_object())
    }

    /// The fields of the text; of what it last said while it cannot be read.
    pub(super) fn fields(&self) -> (Fields, &str) {
        let source = if self.is_readable() { &self.source } else { &self.drawn };
        let value = edit::value_of(source).unwrap_or_default();
        (Fields::of(source, &value, &self.lanes, self.slug.is_none()), source)
    }

    /// Writes into the text what was entered in the form since it was drawn, then does what the button says.
    fn take_entries(&mut self) {
        if !self.is_readable() {
            return;
        }
        let drawn = edit::value_of(&self.drawn).unwrap_or_default();
        let fields = Fields::of(&self.drawn, &drawn, &self.lanes, self.slug.is_none());
        // A name changes last: until then all other fields are found under the old one.
        let (names, others): (Vec<&Field>, Vec<&Field>) = fields.all().partition(|field| field.kind == Kind::Name);
        let mut now = edit::value_of(&self.source).unwrap_or_default();
        for field in others.into_iter().chain(names) {
            let name = field.name();
            let entered = match self.entered.get(&name) {
                Some(entered) => entered.clone(),
                // A box that is not ticked is not sent.
                None if field.kind == Kind::Required => String::new(),
                None => continue,
            };
            let changed = field.changes(&now, &entered).and_then(|changes| {
                let edited = edit::edit_all(&self.source, &changes);
                let edited = edited.map_err(|error| format!("Not taken: {error}."))?;
                Ok((!changes.is_empty()).then_some(edited))
            });
            match changed {
                Ok(None) => {}
                Ok(Some(source)) => {
                    now = edit::value_of(&source).unwrap_or_default();
                    self.source = source;
                }
                Err(message) => self.refused.push((name, entered, message)),
            }
        }
        ops::press(self);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "version: 1\nslug: t # stays\ntitle: T\nsteps:\n  # why\n  - id: a\n    kind: shell\n    with:\n      script: |\n        echo 1\n  - id: b\n    kind: approval\n";

    /// What the browser sends back of a form that was drawn and not touched, with these entries instead.
    fn sent(text: &str, entries: &[(&str, &str)]) -> Draft {
        let drawn = Draft::begin(Some("t".to_owned()), 3, Some(text.to_owned()), vec!["B".to_owned()]);
        let (fields, source) = drawn.fields();
        let mut pairs: Vec<(String, String)> = fields
            .all()
            .filter(|field| field.kind != Kind::Required || !field.text.is_empty())
            .map(|field| (field.name(), field.text.replace('\n', "\r\n")))
            .collect();
        let crlf = source.replace('\n', "\r\n");
        pairs.extend(
            [("slug", "t"), ("base", "3"), ("source", &crlf), ("drawn", &crlf)]
                .map(|(key, text)| (key.to_owned(), text.to_owned())),
        );
        pairs.extend(
            entries
                .iter()
                .map(|(key, text)| ((*key).to_owned(), (*text).to_owned())),
        );
        Draft::go_on(&pairs, vec!["B".to_owned()])
    }

    #[test]
    fn a_form_that_nobody_touched_leaves_every_byte() {
        for text in [TEXT, BLANK] {
            let draft = sent(text, &[]);
            assert_eq!(draft.source, text);
            assert_eq!(draft.refused, []);
        }
    }

    #[test]
    fn an_entry_changes_its_place_and_no_comment() {
        let draft = sent(
            TEXT,
            &[
                ("set:/title", "Better"),
                ("set:/steps/0/retry/max_attempts", "3"),
                ("set:/description", "Why"),
            ],
        );
        let wanted = TEXT
            .replace("title: T\n", "title: Better\ndescription: Why\n")
            .replace("echo 1\n", "echo 1\n    retry:\n      max_attempts: 3\n");
        assert_eq!(draft.source, wanted);
    }

    #[test]
    fn an_entry_that_is_no_number_is_kept_beside_its_refusal() {
        let draft = sent(TEXT, &[("set:/steps/0/timeout_seconds", "soon")]);
        assert_eq!(draft.source, TEXT);
        assert_eq!(draft.refused[0].1, "soon");
    }

    #[test]
    fn a_text_that_cannot_be_read_keeps_the_form_it_had() {
        let draft = sent(TEXT, &[("source", "version: [1\n"), ("set:/title", "Better")]);
        assert_eq!(draft.source, "version: [1\n");
        assert_eq!(draft.fields().1, TEXT);
    }

    #[test]
    fn buttons_move_remove_and_add_steps() {
        let ids = |draft: &Draft| {
            let value = edit::value_of(&draft.source).unwrap();
            let steps = value["steps"].as_array().unwrap();
            steps
                .iter()
                .map(|step| step["id"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        let moved = sent(TEXT, &[("op", "step-up:1")]);
        assert_eq!(
            (ids(&moved), moved.focus.as_deref()),
            (vec!["b".to_owned(), "a".to_owned()], Some("step-0-up"))
        );
        assert!(moved.source.contains("# why"));
        assert_eq!(ids(&sent(TEXT, &[("op", "step-remove:0")])), ["b"]);
        let added = sent(TEXT, &[("op", "step-add"), ("new_kind", "api")]);
        assert_eq!(ids(&added), ["a", "b", "step-3"]);
        assert!(runs::template::parse(&added.source).is_ok(), "{}", added.source);
    }

    #[test]
    fn buttons_build_parameters() {
        let one = sent(TEXT, &[("op", "param-add")]).source;
        let two = sent(
            &one,
            &[
                ("op", "param-add"),
                ("name:/params/properties/param_1", "url"),
                ("required:/params/properties/param_1", "on"),
            ],
        )
        .source;
        let value = edit::value_of(&two).unwrap();
        assert_eq!(
            edit::names_in_order(&two, &["params".to_owned(), "properties".to_owned()]),
            ["url", "param_1"]
        );
        assert_eq!(value["params"]["required"], serde_json::json!(["url"]));
        let turned = sent(&two, &[("op", "param-down:url")]).source;
        assert_eq!(
            edit::names_in_order(&turned, &["params".to_owned(), "properties".to_owned()]),
            ["param_1", "url"]
        );
        let gone = sent(&turned, &[("op", "param-remove:url")]).source;
        assert_eq!(
            edit::value_of(&gone).unwrap()["params"],
            serde_json::json!({"type": "object", "properties": {"param_1": {"type": "string"}}})
        );
        let pasted = sent(
            &gone,
            &[
                ("op", "schema-paste"),
                (
                    "schema",
                    r#"{"type": "object", "properties": {"x": {"type": "integer", "x-own": 1}}}"#,
                ),
            ],
        )
        .source;
        assert_eq!(
            edit::value_of(&pasted).unwrap()["params"]["properties"]["x"]["x-own"],
            1
        );
    }

    #[test]
    fn every_kind_of_step_that_is_added_is_well_formed() {
        for kind in domain::StepKind::ALL {
            let added = sent(TEXT, &[("op", "step-add"), ("new_kind", kind.as_str())]);
            let found = runs::template::parse(&added.source);
            assert!(found.is_ok(), "{kind:?}: {found:?}\n{}", added.source);
        }
    }
}
