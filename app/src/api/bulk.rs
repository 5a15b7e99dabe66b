//! One verb for many runs.

use super::PageError;
use leptos::prelude::*;

/// Freezes the runs of a filter, or these very runs, and starts the run that works through them. Goes to its page.
#[server(prefix = "/fn", endpoint = "start_bulk")]
pub(crate) async fn start_bulk(
    verb: String,
    #[server(default)] filter: String,
    #[server(default)] runs: String,
    expected_count: i64,
    #[server(default)] note: String,
    #[server(default)] typed: String,
) -> Result<String, PageError> {
    let (services, claims) = super::error::caller()?;
    ssr::check_typed(expected_count, &typed)?;
    let wish = ::runs::bulk::Wish {
        verb,
        selection: ssr::selection(&filter, &runs, services.now(), &claims)?,
        changes: None,
        note: Some(note.trim().to_owned()).filter(|note| !note.is_empty()),
        expected_count: Some(expected_count),
        idempotency_key: None,
    };
    let mut tx = services.begin(&claims).await?;
    let made = ::runs::bulk::create(&mut tx, &wish).await?;
    tx.commit().await.map_err(db::DbError::from)?;
    leptos_axum::redirect(&format!("/bulk/{}", made.bulk_id));
    Ok(made.bulk_id.to_string())
}

#[cfg(feature = "ssr")]
mod ssr {
    use crate::api::{FieldProblem, PageError};
    use crate::served::UNTYPED;
    use chrono::{DateTime, Utc};
    use domain::{Claims, filter::Filter};
    use runs::bulk::Selection;

    /// Many runs are not touched by a slip of the hand.
    pub(super) fn check_typed(count: i64, typed: &str) -> Result<(), PageError> {
        if count <= UNTYPED || typed.trim().replace(',', "") == count.to_string() {
            return Ok(());
        }
        let message = format!("Type {count}, the number of runs, to go on.");
        Err(PageError {
            problems: vec![FieldProblem {
                field: "typed".to_owned(),
                message: message.clone(),
            }],
            ..PageError::new(422, "invalid_field", message, None)
        })
    }

    pub(super) fn selection(
        filter: &str,
        run_ids: &str,
        now: DateTime<Utc>,
        claims: &Claims,
    ) -> Result<Selection, PageError> {
        let words = Filter::parse(filter);
        if let Some(problem) = words.problems.first() {
            return Err(PageError::new(422, "invalid_field", problem.message.clone(), None));
        }
        if words.is_narrow() {
            return Ok(Selection::of(&words, now, claims));
        }
        let run_ids = run_ids.split(',').map(str::trim).filter(|run_id| !run_id.is_empty());
        Ok(Selection::Runs(run_ids.map(str::to_owned).collect()))
    }

    #[cfg(test)]
    mod tests {
        use super::check_typed;

        #[test]
        fn many_runs_ask_for_their_number() {
            assert!(check_typed(50, "").is_ok());
            assert!(check_typed(1234, "1234").is_ok() && check_typed(1234, " 1,234 ").is_ok());
            assert!(check_typed(51, "").is_err() && check_typed(51, "15").is_err());
        }
    }
}
