//! `/templates/{slug}/run`: the form that starts a template.

use crate::api::{PageError, schema_form};
use crate::components::Icon;
use crate::served::field::Field;
use crate::served::{Ask, Page, parts::refusal};
use leptos::prelude::*;

/// Runs whose parameters are offered again.
const RECENT: i64 = 5;
/// Name and title of lanes that can be chosen.
type Lanes = Vec<(String, String)>;

/// The page.
pub(super) async fn page(ask: &Ask, slug: &str) -> Result<Page, PageError> {
    let mut tx = ask.services.begin(&ask.claims).await?;
    let Some(stored) = runs::template::load(&mut tx, slug, None).await? else {
        return Err(PageError::not_found("template"));
    };
    let recent = runs::read::recent_params(&mut tx, slug, RECENT).await?;
    let lanes = runs::read::lanes(&mut tx).await?;
    let lanes = lanes.into_iter().map(|lane| (lane.name, lane.title)).collect();
    let template = stored.template;
    let presets = schema_form::presets(&template, &recent);
    let filled = Filled {
        refused: ask.refused(),
        // `?preset=2` fills the form from recent parameters.
        preset: ask
            .query("preset")
            .and_then(|at| presets.get(at.parse::<usize>().ok()?))
            .map(|(_, texts)| texts.clone())
            .unwrap_or_default(),
    };
    let title = format!("Start {}", template.title);
    let body = html! {
        <div class="start">
            <section class="card pane">
                <p class="lead">{template.description.clone()}</p>
                {form(slug, &template, lanes, &filled)}
            </section>
            {recent_params(slug, presets)}
        </div>
    };
    Ok(Page::new(ask, title, body))
}

/// What stands in the fields.
struct Filled {
    refused: Option<PageError>,
    preset: Vec<(String, String)>,
}

impl Filled {
    /// What was entered before, else what recent parameters say, else `first`.
    fn value(&self, key: &str, first: String) -> String {
        let entered = self.refused.iter().flat_map(|refused| &refused.entered);
        let found = entered.chain(&self.preset).find(|(known, _)| known == key);
        found.map_or(first, |(_, text)| text.clone())
    }

    fn problem(&self, key: &str) -> Option<String> {
        self.refused.as_ref()?.of_field(key)
    }
}

fn form(slug: &str, template: &domain::Template, lanes: Lanes, filled: &Filled) -> AnyView {
    let fields = schema_form::fields(template)
        .into_iter()
        .map(|field| {
            let value = filled.value(&field.key, field.value.clone());
            let problem = filled.problem(&field.key);
            html! { <Field field=field value=Signal::stored(value) problem=Signal::stored(problem) /> }
        })
        .collect_view();
    html! {
        <form method="post" action="/fn/start_run">
            {refusal()}
            <input type="hidden" name="slug" value=slug.to_owned() />
            <input type="hidden" name="click" value=runs::start_form::click_key() />
            {fields}
            {more(template, lanes, filled)}
            <div class="row">
                <button class="btn primary"><Icon name="play" /> "Start run"</button>
                <a class="btn" href=format!("/templates/{slug}")>"Back"</a>
            </div>
        </form>
    }
}

/// What is rarely changed.
fn more(template: &domain::Template, lanes: Lanes, filled: &Filled) -> AnyView {
    let lanes = lanes
        .into_iter()
        .map(|(name, title)| html! { <option value=name.clone()>{format!("{name}, {title}")}</option> })
        .collect_view();
    let problem = |name: &str| {
        filled
            .problem(name)
            .map(|problem| html! { <p class="problem">{problem}</p> })
    };
    let is_open = ["priority", "run_after", "zone"]
        .iter()
        .any(|name| filled.problem(name).is_some());
    html! {
        <details class="more" open=is_open>
            <summary>"Lane, priority, time"</summary>
            <div class="form-field">
                <label for="lane">"Lane"</label>
                <select name="lane" id="lane">
                    <option value="">{format!("Lane of the template ({})", template.lane)}</option>
                    {lanes}
                </select>
            </div>
            <div class="form-field">
                <label for="priority">"Priority"</label>
                <input type="number" name="priority" id="priority" min="0" max="1000" step="1" aria-describedby="priority-help" />
                <div id="priority-help" class="help">{problem("priority")} <p>"0 goes first; 100 when left empty."</p></div>
            </div>
            <div class="form-field">
                <label for="run_after">"Not before"</label>
                <input type="datetime-local" name="run_after" id="run_after" aria-describedby="run_after-help"
                    value=filled.value("run_after", String::new()) />
                <div id="run_after-help" class="help">
                    {problem("run_after")} <p>"Left empty it starts as soon as its lane lets it."</p>
                </div>
            </div>
            <div class="form-field">
                <label for="zone">"Time zone"</label>
                <input name="zone" id="zone" data-zone="" autocomplete="off" spellcheck="false" aria-describedby="zone-help"
                    value=filled.value("zone", "UTC".to_owned()) />
                <div id="zone-help" class="help">{problem("zone")} <p>"In which the time is meant, such as Europe/Paris."</p></div>
            </div>
        </details>
    }
}

fn recent_params(slug: &str, presets: Vec<(String, Vec<(String, String)>)>) -> Option<AnyView> {
    let links = presets
        .into_iter()
        .enumerate()
        .map(|(at, (label, _))| {
            html! { <li><a href=format!("/templates/{slug}/run?preset={at}") title=label.clone()>{label.clone()}</a></li> }
        })
        .collect::<Vec<_>>();
    (!links.is_empty()).then(|| {
        html! {
            <aside class="card pane presets" aria-labelledby="presets-title">
                <h2 id="presets-title">"Recent parameters"</h2>
                <ul>{links}</ul>
            </aside>
        }
    })
}
