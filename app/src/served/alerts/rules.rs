//! What opens an alert. Rules are given; whether they speak, how loud and from when on is up to admins.

use super::{SEVERITIES, measure, severity, span};
use crate::served::parts::{pill, records, refusal};
use leptos::prelude::*;
use runs::alerts::RuleRow;

/// Rules that count over a window; the others look at this moment.
const WINDOWED: [&str; 2] = ["failure_rate", "run_failed"];

/// One row each.
pub(super) fn list(rules: Vec<RuleRow>, may_change: bool) -> AnyView {
    let headings = ["Rule", "State", "Severity", ">From", ">Within", ""];
    let rows = rules.into_iter().map(|rule| row(rule, may_change)).collect();
    records("Rules", &headings, rows)
}

fn row(rule: RuleRow, may_change: bool) -> Vec<AnyView> {
    let state = if rule.enabled {
        pill("on", "ok")
    } else {
        pill("off", "idle")
    };
    let window = WINDOWED
        .contains(&rule.kind.as_str())
        .then(|| span(rule.window_seconds));
    let change = may_change.then(|| change(&rule));
    vec![
        html! { <div class="wide-text">{rule.title} <p class="note">{rule.meaning}</p></div> },
        state,
        severity(&rule.severity),
        measure(rule.threshold, &rule.unit).into_any(),
        window.unwrap_or_else(|| "–".to_owned()).into_any(),
        change.into_any(),
    ]
}

fn change(rule: &RuleRow) -> AnyView {
    let id = |what: &str| format!("rule-{}-{what}", rule.kind);
    let dialog = id("dialog");
    let unit = match rule.unit.as_str() {
        "s" => "From so many seconds on",
        "percent" => "From so many percent on",
        _ => "From so many on",
    };
    let most = if rule.unit == "percent" { 100 } else { i32::MAX };
    let severities = SEVERITIES
        .iter()
        .map(|(value, word, _)| html! { <option value=*value selected=*value == rule.severity>{*word}</option> })
        .collect_view();
    let window = WINDOWED.contains(&rule.kind.as_str()).then(|| {
        html! {
            <div class="form-field">
                <label for=id("window")>"Within so many seconds"</label>
                <input type="number" id=id("window") name="window_seconds" min="1" max="604800" step="1" required=true value=rule.window_seconds />
            </div>
        }
    });
    html! {
        <button type="button" class="btn sm" id=id("open") popovertarget=dialog.clone() aria-label=format!("Change {}", rule.title)>
            "Change"
        </button>
        <div popover="auto" id=dialog class="dialog ask" role="dialog" aria-label=format!("Change {}", rule.title)>
            <form method="post" action="/fn/save_alert_rule" data-done="The rule is changed.">
                <p class="strong">{rule.title.clone()}</p>
                <p class="note">{rule.meaning.clone()}</p>
                {refusal()}
                <input type="hidden" name="kind" value=rule.kind.clone() />
                <div class="check">
                    <input type="checkbox" id=id("enabled") name="enabled" value="true" checked=rule.enabled />
                    <label for=id("enabled")>"On"</label>
                </div>
                <div class="form-field">
                    <label for=id("threshold")>{unit}</label>
                    <input type="number" id=id("threshold") name="threshold" min="1" max=most step="1" required=true value=rule.threshold />
                </div>
                {window}
                <div class="form-field">
                    <label for=id("severity")>"Severity"</label>
                    <select id=id("severity") name="severity">{severities}</select>
                </div>
                <button class="btn primary">"Change rule"</button>
            </form>
        </div>
    }
}
