//! Bulk operations in words.

use crate::time;

/// `Cancel`, `Retry`, `Rerun`.
pub(super) fn verb(verb: &str) -> &'static str {
    match verb {
        "cancel" => "Cancel",
        "retry" => "Retry",
        _ => "Rerun",
    }
}

/// What the verb has done to a run.
pub(super) fn done(verb: &str) -> &'static str {
    match verb {
        "cancel" => "canceled",
        _ => "started again",
    }
}

/// `1 run`, `1,234 runs`.
pub(super) fn runs(count: i64) -> String {
    match count {
        1 => "1 run".to_owned(),
        count => format!("{} runs", time::count(count)),
    }
}

/// Word and tone of an operation's status.
pub(super) fn status(status: &str) -> (&'static str, &'static str, &'static str) {
    match status {
        "queued" => ("queued", "idle", "queued"),
        "running" => ("running", "run", "running"),
        "success" => ("done", "ok", "check"),
        "canceled" => ("canceled", "idle", "canceled"),
        _ => ("failed", "bad", "cross"),
    }
}

/// What will become of runs in a status, and whether anything will.
pub(super) fn forecast(verb: &str, status: &str) -> (bool, &'static str) {
    match (verb, status) {
        ("cancel", "queued") => (true, "are canceled before they begin"),
        ("cancel", "waiting") => (true, "are canceled at once; nobody decides about them any more"),
        ("cancel", "running") => (true, "are told to stop; what is done stays done"),
        ("cancel", _) => (false, "are skipped: they have ended already"),
        ("retry", "failed" | "canceled") => (true, "are started again as new runs"),
        ("retry", "success") => (
            false,
            "are skipped: they succeeded, so only a rerun does them once more",
        ),
        ("retry", _) => (false, "are skipped: they have not ended"),
        _ => (true, "are started again as new runs, with the same content"),
    }
}
