//! What the login may do.

use super::{
    Frame, Step,
    parts::{checks, copy, onward, way, ways},
};
use leptos::prelude::*;
use runs::setup::Check;

/// The page; without checks nobody could look yet.
pub fn rights(frame: &Frame, found: &[Check]) -> String {
    frame.draw(Some(Step::Rights), Step::Rights.title(), || {
        if found.is_empty() {
            return html! {
                <p class="lead">"The database cannot be entered, so nobody can tell what the login may do there."</p>
                {ways(vec![onward("/setup/connect", "Connect first")])}
            };
        }
        let missing: Vec<String> = found
            .iter()
            .filter(|check| check.is_broken() && check.name != "postgres")
            .filter_map(|check| check.fix.as_ref()?.copy.clone())
            .collect();
        let is_fine = !found.iter().any(Check::is_broken);
        let at_once = (missing.len() > 1).then(|| {
            html! {
                <h2>"All of it at once"</h2>
                <p>"For an administrator of the database, connected to this database:"</p>
                {copy(missing.join("\n"))}
            }
        });
        let on = is_fine.then(|| onward("/setup/sql", "Continue to the SQL"));
        html! {
            <p class="lead">"What the migrations and the server need of the login, looked up just now."</p>
            {checks("Rights", found)}
            {at_once}
            {ways(vec![on.into_any(), way("/setup/rights", "Check again"), way("/setup/connect", "Back")])}
        }
    })
}
