//! Why a run waits, and the runs it came from and led to.

use crate::components::Icon;
use crate::served::parts::pill;
use crate::state::status_tone;
use db::reads::{RelatedRow, RunRow};
use leptos::prelude::*;

/// Reasons while it is queued; relatives when there are any.
pub(super) async fn draw(conn: &mut db::PgConnection, row: &RunRow) -> db::Result<AnyView> {
    let reasons = if row.status == "queued" {
        reasons(&runs::control::explain_wait(conn, &row.run_id).await?)
    } else {
        Vec::new()
    };
    let relatives = runs::read::relatives(conn, &row.run_id).await?;
    let why = (!reasons.is_empty()).then(|| {
        let reasons = reasons
            .into_iter()
            .map(|reason| html! { <p>{reason}</p> })
            .collect_view();
        html! {
            <section class="card waiting" aria-label="Why it waits">
                <Icon name="clock" />
                <div>
                    <p class="strong">"Why it waits"</p>
                    {reasons}
                </div>
            </section>
        }
    });
    let parent = relatives.parent.map(|parent| {
        let how = if parent.step.is_some() {
            "Started by"
        } else {
            "Came from"
        };
        html! { <p class="row tight"><span class="note">{how}</span> {relative(parent)}</p> }
    });
    let has_children = !relatives.children.is_empty();
    let children = relatives
        .children
        .into_iter()
        .map(|child| html! { <li class="row tight">{relative(child)}</li> })
        .collect_view();
    let has_family = parent.is_some() || has_children;
    let family = has_family.then(|| {
        html! {
            <section class="card pane relatives" aria-label="Related runs">
                {parent}
                {has_children.then(|| html! { <div class="row tight"><span class="note">"Led to"</span> <ul>{children}</ul></div> })}
            </section>
        }
    });
    Ok(html! { {why} {family} })
}

fn reasons(answer: &serde_json::Value) -> Vec<String> {
    let reasons = answer.get("reasons").and_then(serde_json::Value::as_array);
    let messages = reasons
        .into_iter()
        .flatten()
        .filter_map(|reason| reason.get("message")?.as_str());
    messages.map(str::to_owned).collect()
}

fn relative(run: RelatedRow) -> AnyView {
    let step = run
        .step
        .map(|step| html! { <span class="note">"step " <code>{step}</code></span> });
    html! {
        {pill(run.status.clone(), status_tone(&run.status))}
        <a href=format!("/runs/{}", run.run_id)>{run.title}</a>
        <code class="note">{run.run_id}</code>
        {step}
    }
}
