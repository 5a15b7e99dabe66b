//! The clockwork, and how long history is kept.

use super::filled;
use crate::api::{PageError, caller, caller_who_may};
use domain::Permission;
use leptos::prelude::*;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};

/// Changes the numbers that differ from what they are: all of them or none.
#[server(prefix = "/fn", endpoint = "save_settings")]
pub(crate) async fn save_settings(#[server(default)] n: HashMap<String, String>) -> Result<(), PageError> {
    let (services, claims) = caller()?;
    let mut tx = services.begin(&claims).await?;
    let known = runs::settings::list(&mut tx).await?;
    let mut changes = BTreeMap::new();
    for (key, text) in n {
        let number: i32 = text
            .trim()
            .parse()
            .map_err(|_| PageError::of(&field(&key), format!("{key} is not a whole number.")))?;
        if known
            .iter()
            .all(|setting| setting.key != key || setting.value != number)
        {
            changes.insert(key, number);
        }
    }
    if changes.is_empty() {
        return Ok(());
    }
    let saved = runs::settings::save(&mut tx, &changes).await;
    saved.map_err(|error| at_field(error.into()))?;
    Ok(tx.commit().await.map_err(db::DbError::from)?)
}

/// Says how many days each kind of history is kept; an empty field means for ever.
#[server(prefix = "/fn", endpoint = "save_retention")]
pub(crate) async fn save_retention(#[server(default)] n: HashMap<String, String>) -> Result<(), PageError> {
    let (services, claims) = caller()?;
    let mut days = Map::new();
    for kind in runs::retention::KINDS {
        let text = n.get(kind).and_then(|text| filled(text));
        let number = text.map(str::parse::<i32>).transpose();
        let number = number.map_err(|_| PageError::of(&field(kind), "Days are a whole number."))?;
        days.insert(kind.to_owned(), number.map_or(Value::Null, Value::from));
    }
    let mut tx = services.begin(&claims).await?;
    let saved = runs::retention::change(&mut tx, &Value::Object(days)).await;
    saved.map_err(|error| at_field(error.into()))?;
    Ok(tx.commit().await.map_err(db::DbError::from)?)
}

/// Forgets now what is older than that, and goes to the run that does it.
#[server(prefix = "/fn", endpoint = "run_retention")]
pub(crate) async fn run_retention() -> Result<(), PageError> {
    let (services, claims) = caller_who_may(Permission::Administer)?;
    let mut tx = services.begin(&claims).await?;
    let made = runs::retention::run_now(&mut tx, &claims).await?;
    tx.commit().await.map_err(db::DbError::from)?;
    leptos_axum::redirect(&format!("/runs/{}", made.run_id));
    Ok(())
}

/// The name of the field that holds the number of `key`.
fn field(key: &str) -> String {
    format!("n[{key}]")
}

fn at_field(mut error: PageError) -> PageError {
    for problem in &mut error.problems {
        problem.field = field(&problem.field);
    }
    error
}
