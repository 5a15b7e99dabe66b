//! What would be applied, as text.

use super::{
    Frame, Step,
    parts::{checks, copy, onward, way, ways},
};
use leptos::prelude::*;
use runs::setup::{Check, Known, Ledger};

/// The page; `shown` is the migration whose text is open.
pub fn sql(frame: &Frame, ledger: Option<&Ledger>, shape: &[Check], shown: Option<i64>) -> String {
    frame.draw(Some(Step::Sql), Step::Sql.title(), || match ledger {
        None => html! {
            <p class="lead">"The database cannot be entered, so nobody can tell what it lacks."</p>
            {ways(vec![onward("/setup/connect", "Connect first")])}
        },
        Some(ledger) => body(ledger, shape, shown),
    })
}

fn body(ledger: &Ledger, shape: &[Check], shown: Option<i64>) -> AnyView {
    if ledger.is_current() {
        return html! {
            {checks("The shape of the database", shape)} <p>"There is nothing to apply."</p>
            {ways(vec![onward("/setup/admin", "Continue")])}
        };
    }
    let open = shown.and_then(|shown| ledger.pending.iter().find(|known| known.version == shown));
    let on = ledger
        .is_sound()
        .then(|| onward("/setup/migrate", "Continue to migrating"));
    // The command would do what the button on the next page does.
    let mut shape = shape.to_vec();
    for check in shape.iter_mut().filter(|check| check.name == "migrations") {
        check.fix = None;
        check.state = runs::setup::State::Warning;
    }
    html! {
        <p class="lead">
            "Every statement that would be run, each migration in a transaction of its own. An administrator of the database can also run the file."
        </p>
        {checks("The shape of the database", &shape)}
        {ways(
            vec![
                on.into_any(),
                html! {
                    <a class="btn" href="/setup/runboard-migrations.sql" download="runboard-migrations.sql">
                        "Download as one file"
                    </a>
                },
                way("/setup/rights", "Back"),
            ],
        )}
        <details class="more card pane">
            <summary>"Apply the file by hand"</summary>
            <p>"This page, and the server with it, goes on by itself when the database has its shape."</p>
            {copy(
                "psql --single-transaction --set ON_ERROR_STOP=1 --file runboard-migrations.sql \"$DATABASE_URL\"",
            )}
        </details>
        {open.map(text)}
        <h2>{format!("{} migrations", ledger.pending.len())}</h2>
        <ol class="card migrations">{ledger.pending.iter().map(|known| line(known, shown)).collect_view()}</ol>
    }
}

fn line(known: &Known, shown: Option<i64>) -> AnyView {
    let lines = known.sql.lines().count();
    html! {
        <li>
            <a href=format!("/setup/sql?show={}#text", known.version) aria-current=(shown == Some(known.version)).then_some("true")>
                <code>{known.version}</code>
                <span>{known.description.clone()}</span>
            </a>
            <span class="note">{format!("{lines} lines")}</span>
        </li>
    }
}

fn text(known: &Known) -> AnyView {
    html! {
        <section id="text" class="card pane" aria-label="The text of one migration">
            <h2>{format!("{} {}", known.version, known.description)}</h2>
            <pre class="text" tabindex="0" role="group" aria-label="SQL">
                {known.sql}
            </pre>
            {ways(vec![way("/setup/sql", "Close")])}
        </section>
    }
}
