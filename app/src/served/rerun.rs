//! `/runs/{id}/rerun`: the form that starts a run again, with what it was given, from the start or from a step.

use super::{Ask, Page, parts::refusal};
use super::{field::Field, text_area::TextArea};
use crate::api::{PageError, changes, schema_form};
use crate::components::Icon;
use db::PgConnection;
use db::reads::{RunRow, TemplateOf};
use domain::{Permission, Template};
use leptos::prelude::*;
use std::collections::HashMap;

/// What the form asks, filled in as it was or as it was sent.
struct Form {
    row: RunRow,
    template: Option<(TemplateOf, Template)>,
    /// Options of an action, as Postgres writes them.
    options: Option<String>,
    lanes: Vec<(String, String)>,
    /// Steps that are done before the one named.
    steps: Vec<(String, String)>,
    refused: Option<PageError>,
}

/// The page.
pub(super) async fn page(ask: &Ask, run_id: &str) -> Result<Page, PageError> {
    let mut tx = ask.services.begin(&ask.claims).await?;
    let Some(row) = db::reads::runs_by_id(&mut tx, &[run_id.to_owned()]).await?.pop() else {
        return Err(PageError::not_found("run"));
    };
    let is_own = ask.may(Permission::ManageOwnRuns) && ask.claims.actor == row.requested_by;
    if !is_own {
        ask.require(Permission::ManageRuns)?;
    }
    let form = read(&mut tx, ask, row).await?;
    let title = format!("Rerun {}", form.row.title);
    Ok(Page::new(ask, title, draw(ask, &form)))
}

async fn read(conn: &mut PgConnection, ask: &Ask, row: RunRow) -> db::Result<Form> {
    let template = match db::reads::template_of(conn, &row.run_id).await? {
        Some(was) => {
            let stored = runs::template::load(conn, &was.slug, Some(was.version)).await?;
            stored.map(|stored| (was, stored.template))
        }
        None => None,
    };
    let steps = template.iter().flat_map(|(_, template)| template.steps.iter().skip(1));
    let steps = steps.map(|step| (step.id.clone(), step.title().to_owned())).collect();
    let json = db::reads::run_json(conn, &row.run_id).await?.unwrap_or_default();
    let lanes = runs::read::lanes(conn).await?;
    Ok(Form {
        options: json.options.filter(|_| row.action.is_some()),
        lanes: lanes.into_iter().map(|lane| (lane.name, lane.title)).collect(),
        refused: ask.refused(),
        steps,
        template,
        row,
    })
}

impl Form {
    /// What a field holds: as refused, as asked, or `None` when the form was not sent.
    fn sent(&self, ask: &Ask, name: &str) -> Option<String> {
        if let Some(refused) = &self.refused {
            let entered = refused.entered.iter().find(|(known, _)| known == name);
            return Some(entered.map(|(_, text)| text.clone()).unwrap_or_default());
        }
        ask.query("edited")?;
        Some(ask.query(name).unwrap_or_default().to_owned())
    }

    fn problem(&self, name: &str) -> Option<String> {
        self.refused.as_ref()?.of_field(name)
    }
}

fn draw(ask: &Ask, form: &Form) -> AnyView {
    let action = format!("/runs/{}/rerun", form.row.run_id);
    let begin = begin(ask, form);
    let fields = fields(ask, form);
    let changed = changed(ask, form);
    let lane = form.sent(ask, "lane").unwrap_or_default();
    let lanes = form
        .lanes
        .iter()
        .map(|(name, title)| html! { <option value=name.clone() selected={*name == lane}>{format!("{name}, {title}")}</option> })
        .collect_view();
    html! {
        <div class="start rerun">
            <form class="card pane" method="post" action="/fn/rerun_with" data-done="A new run was started.">
                <p class="note">
                    "A new run is made of " <a href=format!("/runs/{}", form.row.run_id)><code>{form.row.run_id.clone()}</code></a>
                    "; the earlier one stays as it is."
                </p>
                {refusal()}
                <input type="hidden" name="run_id" value=form.row.run_id.clone() />
                <input type="hidden" name="edited" value="1" />
                {fields}
                {begin}
                <details class="more">
                    <summary>"Lane and priority"</summary>
                    <div class="form-field">
                        <label for="lane">"Lane"</label>
                        <select name="lane" id="lane">
                            <option value="">{format!("As before ({})", form.row.lane)}</option>
                            {lanes}
                        </select>
                    </div>
                    <div class="form-field">
                        <label for="priority">"Priority"</label>
                        <input type="number" name="priority" id="priority" min="0" max="1000" step="1" aria-describedby="priority-help"
                            value=form.sent(ask, "priority") />
                        <p id="priority-help" class="help">{format!("0 goes first; {} as before when left empty.", form.row.priority)}</p>
                    </div>
                </details>
                <div class="form-field">
                    <label for="note">"Note"</label>
                    <input name="note" id="note" maxlength="2000" autocomplete="off" aria-describedby="note-help" value=form.sent(ask, "note") />
                    <p id="note-help" class="help">"Stands in the events of both runs."</p>
                </div>
                <div class="row bar">
                    <button class="btn primary"><Icon name="retry" /> "Start again"</button>
                    <button class="btn" formmethod="get" formaction=action>"Show changes"</button>
                    <a class="btn quiet" href=format!("/runs/{}", form.row.run_id)>"Back"</a>
                </div>
            </form>
            {changed}
        </div>
    }
}

fn fields(ask: &Ask, form: &Form) -> AnyView {
    if let Some((was, template)) = &form.template {
        let fields = schema_form::fields(template);
        if fields.is_empty() {
            return html! { <p>"Its template has no parameters."</p> };
        }
        let fields = fields.into_iter().map(|field| {
            let name = format!("p[{}]", field.key);
            let known = was.params.get(&field.key);
            let known = known
                .map(|known| schema_form::text(known, &field.kind))
                .unwrap_or_default();
            let value = form.sent(ask, &name).unwrap_or(known);
            let problem = form.problem(&name);
            html! { <Field field=field value=Signal::stored(value) problem=Signal::stored(problem) /> }
        });
        return fields.collect_view().into_any();
    }
    let Some(options) = form.options.clone() else {
        return html! { <p>"Its template is gone, so its parameters stay as they were."</p> };
    };
    let value = form.sent(ask, "options").unwrap_or(options);
    let problem = form.problem("options");
    let is_wrong = problem.is_some();
    html! {
        <div class="form-field">
            <label for="options">"Options"</label>
            <TextArea
                name="options".to_owned()
                id="options".to_owned()
                value=Signal::stored(value)
                required=false
                described_by="options-help".to_owned()
                invalid=Signal::stored(is_wrong)
                rows=10
            />
            <div id="options-help" class="help">
                {problem.map(|problem| html! { <p class="problem">{problem}</p> })}
                <p>"JSON."</p>
            </div>
        </div>
    }
}

/// From the start, or from a step whose predecessors keep what they left.
fn begin(ask: &Ask, form: &Form) -> Option<AnyView> {
    if form.steps.is_empty() {
        return None;
    }
    let asked = form
        .sent(ask, "from_step")
        .or_else(|| ask.query("from").map(str::to_owned));
    let chosen = asked.unwrap_or_default();
    let failed = form.row.error.as_ref().and_then(|error| error.get("step")?.as_str());
    let steps = form
        .steps
        .iter()
        .map(|(id, title)| {
            let words = if failed == Some(id) {
                format!("From {title}, which failed")
            } else {
                format!("From {title}")
            };
            html! { <option value=id.clone() selected={*id == chosen}>{words}</option> }
        })
        .collect_view();
    Some(html! {
        <div class="form-field">
            <label for="from_step">"Begin"</label>
            <select name="from_step" id="from_step" aria-describedby="begin-help">
                <option value="">"From the start"</option>
                {steps}
            </select>
            <p id="begin-help" class="help">"Steps before it that succeeded are not done again; they keep what they left."</p>
        </div>
    })
}

/// How the parameters differ from those of the earlier run.
fn changed(ask: &Ask, form: &Form) -> Option<AnyView> {
    let (was, template) = form.template.as_ref()?;
    form.sent(ask, "run_id")?;
    let entered: HashMap<String, String> = schema_form::fields(template)
        .into_iter()
        .filter_map(|field| Some((field.key.clone(), form.sent(ask, &format!("p[{}]", field.key))?)))
        .collect();
    let body = match changes(template, &was.params, &entered) {
        Ok(changes) if changes.is_empty() => html! { <p>"The parameters are the same as before."</p> },
        Ok(changes) => {
            let rows = changes
                .into_iter()
                .map(|change| {
                    html! {
                        <div>
                            <dt>{change.label} " " <code>{change.key}</code></dt>
                            <dd><del>{said(change.was)}</del> <ins>{said(change.now)}</ins></dd>
                        </div>
                    }
                })
                .collect_view();
            html! { <dl class="changes">{rows}</dl> }
        }
        Err(problems) => {
            let rows = problems
                .into_iter()
                .map(|problem| html! { <p class="problem">{format!("{}: {}", problem.field, problem.message)}</p> })
                .collect_view();
            html! { <div>{rows}</div> }
        }
    };
    Some(html! {
        <section class="card pane" aria-labelledby="changes-title">
            <h2 id="changes-title">"Changes to the earlier run"</h2>
            {body}
        </section>
    })
}

fn said(text: String) -> String {
    if text.is_empty() { "nothing".to_owned() } else { text }
}
