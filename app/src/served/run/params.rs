//! What a run was asked to do, and what came of it. JSON is shown as Postgres wrote it, so numbers keep all digits.

use super::json;
use crate::components::Empty;
use crate::time;
use db::reads::RunJson;
use leptos::prelude::*;

/// Parameters, options, scope, limits.
pub(super) async fn draw(conn: &mut db::PgConnection, run_id: &str) -> db::Result<AnyView> {
    let run = db::reads::run_json(conn, run_id).await?.unwrap_or_default();
    let RunJson {
        params,
        options,
        scope,
        sheet_context,
        timeout_seconds,
        concurrency_key,
        ..
    } = run;
    let others = [("Options", options), ("Scope", scope), ("Sheet", sheet_context)]
        .into_iter()
        .filter_map(|(title, text)| Some((title, text.filter(|text| is_said(text))?)))
        .map(|(title, text)| json::card(title, &text))
        .collect_view();
    let params = params.filter(|text| is_said(text)).map_or_else(
        || html! { <section class="card pane" aria-label="Parameters"><Empty title="It has no parameters." hint="Its template or action asks for none." /></section> },
        |text| json::card("Parameters", &text),
    );
    let has_limits = timeout_seconds.is_some() || concurrency_key.is_some();
    let limits = has_limits.then(|| {
        html! {
            <section class="card pane" aria-label="Limits">
                <dl class="facts-list">
                    {timeout_seconds.map(|seconds| html! { <div><dt>"Time limit"</dt><dd>{time::span(i64::from(seconds) * 1000)}</dd></div> })}
                    {concurrency_key.map(|key| html! { <div><dt>"One at a time"</dt><dd><code>{key}</code></dd></div> })}
                </dl>
            </section>
        }
    });
    Ok(html! { {params} {others} {limits} })
}

/// The outcome.
pub(super) async fn draw_result(conn: &mut db::PgConnection, run_id: &str) -> db::Result<AnyView> {
    let run = db::reads::run_json(conn, run_id).await?.unwrap_or_default();
    Ok(match run.result {
        Some(text) => json::card("Result", &text),
        None => html! {
            <section class="card pane" aria-label="Result">
                <Empty title="There is no result yet." hint="It is written when the run ends." />
            </section>
        },
    })
}

fn is_said(text: &str) -> bool {
    !matches!(
        text.split_whitespace().collect::<String>().as_str(),
        "{}" | "null" | "[]"
    )
}
