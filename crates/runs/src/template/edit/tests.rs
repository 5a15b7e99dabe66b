use super::*;
use proptest::prelude::*;
use serde_json::json;

const TEXT: &str = "\
# Who: the night shift.
version: 1
slug: t   # never changes
title: \"A title\"

params:
  type: object
  # What must be there.
  required: [url]
  properties:
    url: { type: string, format: uri }
    # How often.
    count:
      type: integer # whole
      default: 3

steps:
  # First of all.
  - id: one
    kind: api
    with:
      url: '{{ params.url }}'  # where
      headers: {} # none yet

  # Then the script.
  - id: two
    kind: shell
    with:
      script: | # as it is
        # no YAML comment
        echo one

        echo two
    needs: [one] # only that
policy:
  timeout_seconds: 300
# The end.
";

fn set(pointer: &str, value: Value) -> String {
    edit(TEXT, &Change::Set(path_of(pointer), value)).unwrap()
}

/// The lines that differ, without those that stay.
fn changed(to: &str) -> String {
    let diff = super::super::diff(("a", TEXT), ("b", to)).text;
    let lines = diff.lines().skip(2).filter(|line| line.starts_with(['+', '-']));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn nothing_changed_is_every_byte_the_same() {
    let value = value_of(TEXT).unwrap();
    assert_eq!(edit(TEXT, &Change::Set(Vec::new(), value)).unwrap(), TEXT);
    assert_eq!(set("/title", json!("A title")), TEXT);
}

#[test]
fn a_value_changes_alone_and_keeps_its_quotes_and_comments() {
    assert_eq!(
        changed(&set("/title", json!("B"))),
        "-title: \"A title\"\n+title: \"B\""
    );
    assert_eq!(
        changed(&set("/steps/0/with/url", json!("http://it's"))),
        "-      url: '{{ params.url }}'  # where\n+      url: 'http://it''s'  # where"
    );
    assert_eq!(
        changed(&set("/params/properties/count/default", json!(4))),
        "-      default: 3\n+      default: 4"
    );
    assert_eq!(
        changed(&set("/params/properties/url/format", json!("email"))),
        "-    url: { type: string, format: uri }\n+    url: { type: string, format: email }"
    );
}

#[test]
fn a_script_stays_a_block_and_its_header_keeps_its_comment() {
    let text = set("/steps/1/with/script", json!("echo three\n"));
    assert!(
        text.contains("      script: | # as it is\n        echo three\n    needs"),
        "{text}"
    );
    let text = set("/steps/1/with/script", json!("  deep\n\nend"));
    assert_eq!(value_of(&text).unwrap()["steps"][1]["with"]["script"], "  deep\n\nend");
}

#[test]
fn a_line_becomes_several_and_its_comment_goes_to_the_first() {
    let text = set("/slug", json!("a\nb\n"));
    assert!(text.contains("slug: | # never changes\n  a\n  b\n"), "{text}");
}

#[test]
fn what_is_new_comes_where_people_look_for_it() {
    assert_eq!(changed(&set("/lane", json!("C"))), "+lane: C");
    assert!(set("/description", json!("Why: so")).contains("title: \"A title\"\ndescription: \"Why: so\"\n"));
    assert!(
        set("/steps/0/with/headers/Accept", json!("text/html"))
            .contains("      headers: # none yet\n        Accept: text/html\n")
    );
    assert!(set("/steps/0/retry/max_attempts", json!(3)).contains("    retry:\n      max_attempts: 3\n"));
    assert!(set("/params/properties/url/title", json!("Address")).contains("url: { title: Address, type: string"));
}

#[test]
fn what_goes_leaves_the_comments_around_it() {
    let remove = |pointer: &str| edit(TEXT, &Change::Remove(path_of(pointer))).unwrap();
    assert_eq!(changed(&remove("/title")), "-title: \"A title\"");
    assert_eq!(
        changed(&remove("/steps/1/needs")),
        "-    needs: [one] # only that\n+    # only that"
    );
    assert!(remove("/params/properties/url/type").contains("url: { format: uri }"));
    assert!(remove("/policy/timeout_seconds").contains("policy: {}\n# The end."));
    let without = remove("/steps/0");
    assert!(
        !without.contains("First of all") && without.contains("steps:\n\n  # Then the script.\n  - id: two"),
        "{without}"
    );
}

#[test]
fn steps_and_names_change_places_with_the_comments_above_them() {
    let text = edit(TEXT, &Change::Move(path_of("/steps"), 1, 0)).unwrap();
    let places = ["# Then the script.", "id: two", "# First of all.", "id: one"].map(|words| text.find(words).unwrap());
    assert!(places.is_sorted(), "{text}");
    let text = edit(TEXT, &Change::Move(path_of("/params/properties"), 1, 0)).unwrap();
    assert_eq!(names_in_order(&text, &path_of("/params/properties")), ["count", "url"]);
    assert!(text.find("# How often.").unwrap() < text.find("count:").unwrap());
    assert_eq!(
        edit(&text, &Change::Move(path_of("/params/properties"), 0, 1)).unwrap(),
        TEXT
    );
}

#[test]
fn a_step_comes_in_anywhere() {
    let step = json!({"id": "new", "kind": "shell", "with": {"script": "a\nb\n"}});
    for position in 0..=2 {
        let text = edit(TEXT, &Change::Insert(path_of("/steps"), position, step.clone())).unwrap();
        assert_eq!(value_of(&text).unwrap()["steps"][position], step);
        assert!(
            text.contains("  - id: new\n    kind: shell\n    with:\n      script: |\n        a\n        b\n"),
            "{text}"
        );
    }
    let none = "steps: []\n";
    let text = edit(none, &Change::Insert(path_of("/steps"), 0, step)).unwrap();
    assert!(text.starts_with("steps:\n  - id: new\n"), "{text}");
}

#[test]
fn a_name_becomes_another_and_no_name_stands_twice() {
    let rename = |new: &str| {
        edit(
            TEXT,
            &Change::Rename(path_of("/params/properties/count"), new.to_owned()),
        )
    };
    assert_eq!(changed(&rename("times").unwrap()), "-    count:\n+    times:");
    assert_eq!(
        rename("url"),
        Err(EditError::NoSuchPlace("params.properties.count".to_owned()))
    );
}

#[test]
fn what_is_marked_for_use_elsewhere_is_not_touched() {
    let text = "a: &x 1\nb: *x\n";
    let refused = edit(text, &Change::Set(path_of("/b"), json!(2)));
    assert_eq!(refused, Err(EditError::TooClever("b".to_owned())));
    assert_eq!(names_in_order(text, &[]), ["a", "b"]);
}

#[test]
fn json_is_changed_like_yaml() {
    let text = "{\"version\": 1, \"steps\": [{\"id\": \"a\"}, {\"id\": \"b\"}]}";
    let edited = edit(text, &Change::Set(path_of("/steps/0/id"), json!("c"))).unwrap();
    assert_eq!(
        edited.trim_end(),
        "{\"version\": 1, \"steps\": [{\"id\": \"c\"}, {\"id\": \"b\"}]}"
    );
    let edited = edit(text, &Change::Move(path_of("/steps"), 0, 1)).unwrap();
    assert_eq!(value_of(&edited).unwrap()["steps"], json!([{"id": "b"}, {"id": "a"}]));
}

#[test]
fn a_list_without_indentation_is_a_list() {
    let text = "steps:\n# one\n- id: a\n  with:\n    x: 1\n- id: b\n";
    let edited = edit(text, &Change::Move(path_of("/steps"), 1, 0)).unwrap();
    assert_eq!(edited, "steps:\n- id: b\n# one\n- id: a\n  with:\n    x: 1\n");
    let edited = edit(text, &Change::Insert(path_of("/steps"), 1, json!({"id": "c"}))).unwrap();
    assert_eq!(value_of(&edited).unwrap()["steps"][1], json!({"id": "c"}));
}

fn comments(text: &str) -> Vec<&str> {
    let lines = text.lines().filter(|line| !line.contains("no YAML"));
    lines.filter_map(|line| Some(&line[line.find("# ")?..])).collect()
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-z ]{0,6}|[ -~]{0,12}|\\PC{0,8}".prop_map(Value::from),
        "([ -~]{0,8}\n){1,3}[ -~]{0,6}".prop_map(Value::from),
        Just(json!("yes")),
        Just(json!("- a")),
        Just(json!("{{ params.url }}")),
        Just(json!("a: b # c")),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,4}|[ -~]{1,6}", inner, 0..3)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Places that hold one value, and one that is not there yet.
const PLACES: [&str; 12] = [
    "/title",
    "/slug",
    "/steps/0/with/url",
    "/steps/1/with/script",
    "/steps/0/with/headers",
    "/params/properties/count/default",
    "/params/properties/url/format",
    "/policy/timeout_seconds",
    "/description",
    "/steps/1/with/env/NAME",
    "/steps/0/if",
    "/params/properties/url/pattern",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_value_anywhere_is_what_is_read_and_costs_no_comment(place in prop::sample::select(PLACES.to_vec()), value in any_value()) {
        let change = Change::Set(path_of(place), value.clone());
        let text = edit(TEXT, &change).map_err(|error| TestCaseError::fail(format!("{place} = {value}: {error}")))?;
        let read = value_of(&text).unwrap();
        prop_assert_eq!(read.pointer(place).unwrap(), &value);
        for comment in comments(TEXT) {
            prop_assert!(text.contains(comment), "{} is gone from\n{}", comment, text);
        }
        let back = edit(&text, &Change::Set(Vec::new(), value_of(TEXT).unwrap())).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
        prop_assert_eq!(value_of(&back), value_of(TEXT));
    }

    #[test]
    fn a_whole_schema_comes_in_beside_the_comments_of_what_stays(schema in any_value()) {
        let wanted = json!({"type": "object", "required": ["url"], "x": schema, "properties": {"url": {"type": "string", "format": "uri"}}});
        let text = edit(TEXT, &Change::Set(path_of("/params"), wanted.clone())).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(&value_of(&text).unwrap()["params"], &wanted);
        prop_assert!(text.contains("# What must be there."), "{}", text);
    }
}
