//! Starts a run again with what was changed in its form.

use super::PageError;
use leptos::prelude::*;
use std::collections::HashMap;

/// Starts a run again, from the start or from a step, and goes to the new one. Only what differs from the earlier run
/// is a change, so what nobody touched stays digit for digit. Refusals name their fields.
#[server(prefix = "/fn", endpoint = "rerun_with")]
pub(crate) async fn rerun_with(
    run_id: String,
    #[server(default)] from_step: String,
    #[server(default)] lane: String,
    #[server(default)] priority: String,
    #[server(default)] note: String,
    #[server(default)] options: String,
    #[server(default)] p: HashMap<String, String>,
) -> Result<String, PageError> {
    let (services, claims) = super::error::caller()?;
    let mut tx = services.begin(&claims).await?;
    let wanted = ssr::Wanted {
        run_id,
        from_step,
        lane,
        priority,
        note,
        options,
        params: p,
    };
    let made = match ssr::start(&mut tx, &wanted).await {
        Ok(made) => made,
        Err(error) => return Err(wanted.refused(error)),
    };
    tx.commit().await.map_err(db::DbError::from)?;
    leptos_axum::redirect(&format!("/runs/{}", made.run_id));
    Ok(made.run_id)
}

#[cfg(feature = "ssr")]
pub(crate) use ssr::changes;

#[cfg(feature = "ssr")]
mod ssr {
    use crate::api::schema_form::{fields, text, value};
    use crate::api::{FieldProblem, PageError, start};
    use crate::views::FieldKind;
    use db::PgConnection;
    use domain::Template;
    use runs::enqueue::Enqueued;
    use serde_json::{Map, Value, json};
    use std::collections::HashMap;

    pub(super) struct Wanted {
        pub(super) run_id: String,
        pub(super) from_step: String,
        pub(super) lane: String,
        pub(super) priority: String,
        pub(super) note: String,
        pub(super) options: String,
        pub(super) params: HashMap<String, String>,
    }

    impl Wanted {
        /// Fields under the names they have in the form, and what had been entered.
        pub(super) fn refused(self, mut error: PageError) -> PageError {
            for problem in &mut error.problems {
                if self.params.contains_key(&problem.field) {
                    problem.field = format!("p[{}]", problem.field);
                }
            }
            let params = self.params.into_iter().map(|(key, text)| (format!("p[{key}]"), text));
            let others = [
                ("from_step", self.from_step),
                ("lane", self.lane),
                ("priority", self.priority),
                ("note", self.note),
                ("options", self.options),
            ];
            let others = others.into_iter().map(|(key, text)| (key.to_owned(), text));
            error.entered = params.chain(others).collect();
            error
        }
    }

    pub(super) async fn start(conn: &mut PgConnection, wanted: &Wanted) -> Result<Enqueued, PageError> {
        let mut all = Map::new();
        if let Some(was) = db::reads::template_of(conn, &wanted.run_id).await?
            && let Some(stored) = runs::template::load(conn, &was.slug, Some(was.version)).await?
        {
            let changed = changes(&stored.template, &was.params, &wanted.params).map_err(invalid)?;
            let params: Map<String, Value> = changed.into_iter().map(|change| (change.key, change.value)).collect();
            if !params.is_empty() {
                all.insert("params".to_owned(), params.into());
            }
        }
        if !wanted.options.trim().is_empty() {
            let options: Value = serde_json::from_str(&wanted.options)
                .map_err(|error| invalid(vec![problem("options", format!("This is not JSON: {error}."))]))?;
            let was = db::reads::run_body(conn, &wanted.run_id)
                .await?
                .map(|body| body.options);
            if was.as_ref() != Some(&options) {
                all.insert("options".to_owned(), options);
            }
        }
        if !wanted.lane.is_empty() {
            all.insert("lane".to_owned(), json!(wanted.lane));
        }
        if let Some(priority) = start::ssr::priority(&wanted.priority)? {
            all.insert("priority".to_owned(), json!(priority));
        }
        if !wanted.note.trim().is_empty() {
            all.insert("note".to_owned(), json!(wanted.note));
        }
        let from_step = Some(wanted.from_step.as_str()).filter(|step| !step.is_empty());
        Ok(runs::control::rerun(conn, &wanted.run_id, &Value::Object(all), from_step).await?)
    }

    /// A parameter that is entered otherwise than it was.
    #[derive(Debug, Clone, PartialEq)]
    pub(crate) struct Change {
        /// Its name.
        pub(crate) key: String,
        /// What people call it.
        pub(crate) label: String,
        /// As it was.
        pub(crate) was: String,
        /// As it is entered.
        pub(crate) now: String,
        /// The new value; null takes the parameter away.
        pub(crate) value: Value,
    }

    /// What was entered otherwise than `was`; or the fields that cannot be read.
    pub(crate) fn changes(
        template: &Template,
        was: &Value,
        entered: &HashMap<String, String>,
    ) -> Result<Vec<Change>, Vec<FieldProblem>> {
        let (mut changes, mut problems) = (Vec::new(), Vec::new());
        for field in fields(template) {
            let is_flag = field.kind == FieldKind::Flag;
            let known = was
                .get(&field.key)
                .map(|known| text(known, &field.kind))
                .unwrap_or_default();
            let said = entered
                .get(&field.key)
                .map_or("", String::as_str)
                .trim()
                .replace("\r\n", "\n");
            let (known, said) = if is_flag {
                (yes_or_no(&known), yes_or_no(&said))
            } else {
                (known, said)
            };
            if known.trim() == said {
                continue;
            }
            match value(&said, &field.kind) {
                Ok(value) => changes.push(Change {
                    key: field.key,
                    label: field.label,
                    was: known,
                    now: said,
                    value: value.unwrap_or(Value::Null),
                }),
                Err(message) => problems.push(problem(&field.key, message)),
            }
        }
        if problems.is_empty() {
            Ok(changes)
        } else {
            Err(problems)
        }
    }

    fn yes_or_no(text: &str) -> String {
        matches!(text, "on" | "true").to_string()
    }

    fn problem(field: &str, message: String) -> FieldProblem {
        FieldProblem {
            field: field.to_owned(),
            message,
        }
    }

    fn invalid(problems: Vec<FieldProblem>) -> PageError {
        PageError {
            problems,
            ..PageError::new(422, "invalid_params", "Some fields need another look.", None)
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        fn template() -> Template {
            serde_json::from_value(json!({
                "version": 1, "slug": "t", "title": "T", "steps": [],
                "params": {"properties": {
                    "big": {"type": "integer"},
                    "dry_run": {"type": "boolean"},
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "url": {"type": "string"},
                }},
            }))
            .unwrap()
        }

        fn changed(entered: &[(&str, &str)]) -> Result<Vec<(String, Value)>, Vec<FieldProblem>> {
            let was = json!({"big": 18_446_744_073_709_551_615_u64, "dry_run": false, "tags": ["a", "b"], "url": "x"});
            let entered = entered
                .iter()
                .map(|(key, text)| ((*key).to_owned(), (*text).to_owned()))
                .collect();
            let changes = changes(&template(), &was, &entered)?;
            Ok(changes.into_iter().map(|change| (change.key, change.value)).collect())
        }

        #[test]
        fn what_nobody_touched_is_no_change() {
            let same = [("big", "18446744073709551615"), ("tags", "a\r\nb"), ("url", "x")];
            assert_eq!(changed(&same).unwrap(), []);
        }

        #[test]
        fn a_changed_field_is_typed_and_an_emptied_one_is_taken_away() {
            let entered = [("big", "18446744073709551615"), ("tags", "a"), ("dry_run", "on")];
            assert_eq!(
                changed(&entered).unwrap(),
                [
                    ("dry_run".to_owned(), json!(true)),
                    ("tags".to_owned(), json!(["a"])),
                    ("url".to_owned(), Value::Null),
                ]
            );
        }

        #[test]
        fn an_unreadable_field_is_named() {
            let problems = changed(&[("big", "many"), ("tags", "a\nb"), ("url", "x")]).unwrap_err();
            assert_eq!(problems[0].field, "big");
        }
    }
}
