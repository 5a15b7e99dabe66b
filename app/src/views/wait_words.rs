//! What a run waits for becomes sentences.

use super::WaitView;
use db::reads::WaitRow;

/// A wait as people read it; times are absolute, so that both renderings are the same.
pub(super) fn wait_view(row: WaitRow) -> WaitView {
    let (title, usual) = match row.kind.as_str() {
        "approval" => (
            "Waits for approval, asked",
            format!("Step {} asks whether to go on.", row.step),
        ),
        "callback" => (
            "Waits for an answer from outside",
            format!("Step {} asked a program outside.", row.step),
        ),
        "timer" => ("Waits for its time", format!("Step {} waits.", row.step)),
        _ => (
            "Waits for another run",
            format!("Step {} waits for the run it started.", row.step),
        ),
    };
    WaitView {
        rule: rule(&row),
        title: title.to_owned(),
        message: row.message.unwrap_or(usual),
        role: row.role.filter(|_| row.kind == "approval"),
        opened_at: row.opened_at.timestamp_millis(),
        run: row
            .data
            .as_ref()
            .and_then(|data| data.get("run_id")?.as_str().map(str::to_owned)),
        step: row.step,
    }
}

fn rule(row: &WaitRow) -> String {
    let who = match (row.kind.as_str(), &row.role) {
        ("approval", Some(role)) => format!("A person with the role {role} or higher decides."),
        _ => String::new(),
    };
    let end = row.due_at.map(|due_at| {
        let at = due_at.format("%Y-%m-%d %H:%M UTC");
        match (row.kind.as_str(), row.on_timeout.as_deref()) {
            ("timer", _) => format!("It goes on at {at}."),
            (_, Some("approve")) => format!("Without a decision by {at} it counts as approved."),
            (_, Some("reject")) => format!("Without a decision by {at} it counts as rejected."),
            _ => format!("If nothing comes by {at}, the run fails."),
        }
    });
    [who, end.unwrap_or_default()].join(" ").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    #[test]
    fn an_approval_says_who_decides_and_what_its_end_means() {
        let row = WaitRow {
            kind: "approval".to_owned(),
            step: "ok".to_owned(),
            role: Some("operator".to_owned()),
            message: Some("Ship it?".to_owned()),
            opened_at: DateTime::UNIX_EPOCH,
            due_at: Some(DateTime::UNIX_EPOCH),
            on_timeout: Some("reject".to_owned()),
            data: None,
        };
        let view = wait_view(row);
        assert_eq!(view.message, "Ship it?");
        assert_eq!(
            view.rule,
            "A person with the role operator or higher decides. Without a decision by 1970-01-01 00:00 UTC it counts as rejected."
        );
    }
}
