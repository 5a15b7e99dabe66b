//! The form of a schedule: what it starts, when, and what holds it back.

use super::{one, says::CATCH_UP, times};
use crate::api::{PageError, schema_form};
use crate::served::{
    Ask, Page,
    fields::{AGAIN, Filled},
    parts::refusal,
};
use crate::views::FieldView;
use chrono::NaiveTime;
use domain::{Permission, Role};
use leptos::prelude::*;
use runs::actions::{self, Action};
use runs::schedules::{ScheduleRow, zones};

/// Actions that a schedule cannot start.
const NOT_ALONE: [&str; 2] = ["template.run", "runs.bulk"];

/// What the schedule starts.
struct Work {
    /// `template:SLUG` or `action:NAME`.
    starts: String,
    title: String,
    fields: Vec<FieldView>,
    takes_scope: bool,
}

/// `/schedules/new`: first what it starts, then the rest.
pub(super) async fn new(ask: &Ask) -> Result<Page, PageError> {
    ask.require(Permission::ManageRuns)?;
    let Some(starts) = ask.query("starts") else {
        return choose(ask).await;
    };
    let work = work(ask, starts).await?;
    let filled = Filled::of(ask, || {
        let mut stored = defaults(&work);
        stored.push(("name".to_owned(), work.title.clone()));
        stored.push(("zone".to_owned(), "UTC".to_owned()));
        stored.push(("catch_up".to_owned(), "none".to_owned()));
        stored
    });
    let body = form(ask, work, &filled, None).await?;
    Ok(Page::new(ask, "New schedule", body).narrow())
}

/// `/schedules/{id}/edit`.
pub(super) async fn edit(ask: &Ask, id: &str) -> Result<Page, PageError> {
    ask.require(Permission::ManageRuns)?;
    let row = one::read(ask, id).await?;
    let starts = match (&row.template_slug, &row.action) {
        (Some(slug), _) => format!("template:{slug}"),
        (_, action) => format!("action:{}", action.clone().unwrap_or_default()),
    };
    let work = work(ask, &starts).await?;
    let filled = Filled::of(ask, || stored(&row, &work));
    let body = form(ask, work, &filled, Some(&row)).await?;
    Ok(Page::new(ask, format!("Edit {}", row.name), body).narrow())
}

async fn choose(ask: &Ask) -> Result<Page, PageError> {
    let mut tx = ask.services.begin(&ask.claims).await?;
    let templates = runs::read::templates(&mut tx).await?;
    let templates = templates
        .into_iter()
        .map(|row| html! { <option value=format!("template:{}", row.slug)>{row.title}</option> })
        .collect_view();
    let actions = actions::registry()
        .iter()
        .filter(|action| may_start(ask, action))
        .map(|action| html! { <option value=format!("action:{}", action.name)>{action.title}</option> })
        .collect_view();
    let body = html! {
        <form class="card pane" method="get" action="/schedules/new">
            <div class="form-field">
                <label for="starts">"What it starts"</label>
                <select name="starts" id="starts" aria-describedby="starts-help">
                    <optgroup label="Templates">{templates}</optgroup>
                    <optgroup label="Actions">{actions}</optgroup>
                </select>
                <p class="help" id="starts-help">"Its parameters are asked for next."</p>
            </div>
            <div class="row">
                <button class="btn primary">"Continue"</button> <a class="btn" href="/schedules">"Back"</a>
            </div>
        </form>
    };
    Ok(Page::new(ask, "New schedule", body).narrow())
}

fn may_start(ask: &Ask, action: &Action) -> bool {
    !NOT_ALONE.contains(&action.name) && (action.role != Role::Admin || ask.may(Permission::Administer))
}

async fn work(ask: &Ask, starts: &str) -> Result<Work, PageError> {
    let mut tx = ask.services.begin(&ask.claims).await?;
    let starts = starts.to_owned();
    match starts.split_once(':') {
        Some(("template", slug)) => {
            let stored = runs::template::load(&mut tx, slug, None).await?;
            let template = stored.ok_or_else(|| PageError::not_found("template"))?.template;
            Ok(Work {
                title: template.title.clone(),
                fields: schema_form::fields(&template),
                takes_scope: false,
                starts,
            })
        }
        Some(("action", name)) => {
            let action = actions::find(name).ok_or_else(|| PageError::not_found("action"))?;
            Ok(Work {
                title: action.title.to_owned(),
                fields: schema_form::options(action),
                takes_scope: !action.scopes.is_empty(),
                starts,
            })
        }
        _ => Err(PageError::not_found("template or action")),
    }
}

fn defaults(work: &Work) -> Vec<(String, String)> {
    let field = |field: &FieldView| (format!("p[{}]", field.key), field.value.clone());
    work.fields.iter().map(field).collect()
}

fn stored(row: &ScheduleRow, work: &Work) -> Vec<(String, String)> {
    let number = |number: Option<i32>| number.map(|number| number.to_string()).unwrap_or_default();
    let time = |at: Option<NaiveTime>| at.map(|at| at.format("%H:%M").to_string()).unwrap_or_default();
    let given = if row.template_slug.is_some() {
        &row.params
    } else {
        &row.options
    };
    let mut stored: Vec<(String, String)> = schema_form::texts(&work.fields, given)
        .into_iter()
        .map(|(key, text)| (format!("p[{key}]"), text))
        .collect();
    let rest = [
        ("name", row.name.clone()),
        ("scope", row.scope.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("cron", row.cron.clone()),
        ("zone", row.zone.clone()),
        ("enabled", row.enabled.to_string()),
        ("lane", row.lane.clone().unwrap_or_default()),
        ("priority", number(row.priority)),
        ("catch_up", row.catch_up.clone()),
        ("daily_cap", number(row.daily_cap)),
        ("quiet_from", time(row.quiet_from)),
        ("quiet_to", time(row.quiet_to)),
    ];
    stored.extend(rest.map(|(name, value)| (name.to_owned(), value)));
    stored
}

async fn form(ask: &Ask, work: Work, filled: &Filled, row: Option<&ScheduleRow>) -> Result<AnyView, PageError> {
    let mut tx = ask.services.begin(&ask.claims).await?;
    let lanes = runs::read::lanes(&mut tx).await?;
    drop(tx);
    let (cron, zone) = (filled.value("cron"), filled.value("zone"));
    let next = times::drawn(ask, Some(&cron), Some(&zone)).await?;
    let mut lane_choices = vec![(String::new(), "Lane of what it starts".to_owned())];
    lane_choices.extend(lanes.into_iter().map(|lane| {
        let words = format!("{}, {}", lane.name, lane.title);
        (lane.name, words)
    }));
    let known = row.map(|row| {
        html! {
            <input type="hidden" name="schedule_id" value=row.schedule_id.to_string() />
            <input type="hidden" name="version" value=row.version.to_string() />
        }
    });
    let (back, here) = match row {
        Some(row) => (
            format!("/schedules/{}", row.schedule_id),
            format!("/schedules/{}/edit", row.schedule_id),
        ),
        None => ("/schedules".to_owned(), "/schedules/new".to_owned()),
    };
    let (kind, name) = work.starts.split_once(':').unwrap_or_default();
    let starts = format!("{}, {kind} {name}", work.title);
    let scope = work.takes_scope.then(|| {
        filled
            .entry("scope", "Scope")
            .help("JSON: what the action works on.")
            .lines(4)
    });
    let params = work.fields.into_iter().map(|field| filled.param(field)).collect_view();
    Ok(html! {
        <form class="card pane" method="post" action="/fn/save_schedule" data-done="The schedule is saved.">
            {refusal()}
            <p class="note">"Starts " {starts}
                {row.is_none().then(|| html! { " · " <a href="/schedules/new">"choose something else"</a> })}
            </p>
            {known}
            <input type="hidden" name="starts" value=work.starts.clone() />
            {filled.entry("name", "Name").required().line()}
            {params} {scope}
            <fieldset class="group" data-live="/schedules/preview" data-live-into="next-times">
                <legend>"When"</legend>
                <div class="pair">
                    {filled.entry("cron", "Cron").required().help("Minute, hour, day of month, month, day of week: 0 8 * * 1-5.").line()}
                    {filled.entry("zone", "Time zone").help("A name such as Europe/Paris.").line_of("zones")}
                </div>
                <div id="next-times" aria-live="polite">{next}</div>
                <button class="btn sm" formmethod="get" formaction=here formnovalidate name=AGAIN value="1">"Show the next times"</button>
            </fieldset>
            <datalist id="zones">{zones().map(|zone| html! { <option value=zone></option> }).collect_view()}</datalist>
            {filled.entry("enabled", "On").help("A schedule that is off starts nothing until somebody switches it on.").flag()}
            {catch_up(filled)}
            <details class="more" open=is_guarded(filled)>
                <summary>"Guards, lane and priority"</summary>
                <div class="pair">
                    {filled.entry("daily_cap", "Runs a day, at most").help("Counted in its time zone; empty means no limit.").number(1, i32::MAX)}
                    {filled.entry("priority", "Priority").help("0 goes first, 1000 last; empty means that of what it starts.").number(0, 1000)}
                </div>
                <div class="pair">
                    {filled.entry("quiet_from", "Quiet from").help("It starts nothing between these times of day,").of_type("time")}
                    {filled.entry("quiet_to", "Quiet until").help("in its time zone.").of_type("time")}
                </div>
                {filled.entry("lane", "Lane").choice(lane_choices)}
            </details>
            <div class="row">
                <button class="btn primary">"Save schedule"</button> <a class="btn" href=back>"Back"</a>
            </div>
        </form>
    })
}

fn catch_up(filled: &Filled) -> AnyView {
    let chosen = filled.value("catch_up");
    let choices = CATCH_UP
        .into_iter()
        .map(|(value, name, sentence)| {
            let id = format!("catch-up-{value}");
            html! {
                <div class="option">
                    <input type="radio" name="catch_up" value=value id=id.clone() checked=value == chosen aria-describedby=format!("{id}-help") />
                    <label for=id.clone()>{name}</label>
                    <p class="help" id=format!("{id}-help")>{sentence}</p>
                </div>
            }
        })
        .collect_view();
    html! {
        <fieldset class="group">
            <legend>"Times that pass while no server runs"</legend>
            {choices}
        </fieldset>
    }
}

fn is_guarded(filled: &Filled) -> bool {
    ["daily_cap", "priority", "quiet_from", "quiet_to", "lane"]
        .iter()
        .any(|name| !filled.value(name).is_empty())
}
