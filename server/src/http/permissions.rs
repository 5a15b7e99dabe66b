//! Who may call what: the one table.

use domain::Permission;

/// What an address asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nothing.
    Open,
    /// Nothing but the address, which holds a secret: no other site can make a browser send it.
    Address,
    /// Nothing of a caller on this machine, reading of any other.
    LoopbackOrRead,
    /// A permission; without it the answer is a problem.
    Call(Permission),
    /// Reading, by a person: without it the browser is sent to log in.
    Page,
}

use Access::{Address, Call, LoopbackOrRead, Open};
use Permission::{Administer, ManageOwnRuns, ManageRuns, Read, RunActions, Work};

/// Method, address as the router knows it, and what it asks. Pages and server functions are not
/// listed: see [`access`].
pub const TABLE: &[(&str, &str, Access)] = &[
    ("GET", "/healthz", Open),
    ("GET", "/readyz", Open),
    ("GET", "/openapi.json", Open),
    ("GET", "/metrics", LoopbackOrRead),
    ("GET", "/login", Open),
    ("POST", "/login", Open),
    ("GET", "/login/{token}", Open),
    ("POST", "/login/{token}", Open),
    ("POST", "/logout", Open),
    ("GET", "/live", Call(Read)),
    ("GET", "/api/actions", Call(Read)),
    ("GET", "/api/runs", Call(Read)),
    ("GET", "/api/runs/{run_id}", Call(Read)),
    ("GET", "/api/runs/{run_id}/steps", Call(Read)),
    ("GET", "/api/runs/{run_id}/events", Call(Read)),
    ("GET", "/api/runs/{run_id}/logs", Call(Read)),
    ("GET", "/api/runs/{run_id}/logs.txt", Call(Read)),
    ("GET", "/api/runs/{run_id}/artifacts", Call(Read)),
    ("GET", "/api/artifacts/{artifact_id}", Call(Read)),
    ("GET", "/api/artifacts/{artifact_id}/content", Call(Read)),
    ("GET", "/api/artifacts/{artifact_id}/diff", Call(Read)),
    ("POST", "/api/artifacts/{artifact_id}/link", Call(ManageRuns)),
    // The word in the address is the permission.
    ("GET", "/artifacts.download/{word}", Address),
    ("PUT", "/artifacts.upload/{word}", Address),
    ("GET", "/api/secrets", Call(Administer)),
    ("PUT", "/api/secrets/{name}", Call(Administer)),
    ("DELETE", "/api/secrets/{name}", Call(Administer)),
    ("GET", "/api/lanes", Call(Read)),
    ("POST", "/api/lanes/{name}/pause", Call(ManageRuns)),
    ("POST", "/api/lanes/{name}/resume", Call(ManageRuns)),
    ("GET", "/api/workers", Call(Read)),
    ("POST", "/api/workers/{worker_id}/drain", Call(ManageRuns)),
    ("GET", "/api/templates", Call(Read)),
    ("GET", "/api/templates/{slug}", Call(Read)),
    // A template whose steps start programs, containers or agents asks for more than this.
    ("PUT", "/api/templates/{slug}", Call(ManageRuns)),
    ("POST", "/api/templates/{slug}/archive", Call(ManageRuns)),
    ("POST", "/api/templates/check", Call(RunActions)),
    ("GET", "/api/templates/{slug}/versions", Call(Read)),
    ("GET", "/api/templates/{slug}/versions/{version}", Call(Read)),
    ("GET", "/api/templates/{slug}/diff", Call(Read)),
    ("GET", "/api/runs/export", Call(Read)),
    // Whose a view is, and who may share one, Postgres checks.
    ("GET", "/api/views", Call(Read)),
    ("POST", "/api/views", Call(Read)),
    ("DELETE", "/api/views/{view_id}", Call(Read)),
    ("POST", "/api/bulk/preview", Call(ManageOwnRuns)),
    ("POST", "/api/bulk", Call(ManageOwnRuns)),
    ("GET", "/api/bulk", Call(Read)),
    ("GET", "/api/bulk/{bulk_id}", Call(Read)),
    ("GET", "/api/bulk/{bulk_id}/items", Call(Read)),
    ("GET", "/api/retention", Call(Administer)),
    ("PUT", "/api/retention", Call(Administer)),
    ("POST", "/api/retention/run", Call(Administer)),
    ("GET", "/api/alerts", Call(Read)),
    ("GET", "/api/alert-rules", Call(Read)),
    ("PATCH", "/api/alert-rules/{kind}", Call(Administer)),
    ("GET", "/api/alert-channels", Call(Administer)),
    ("POST", "/api/alert-channels", Call(Administer)),
    ("PATCH", "/api/alert-channels/{channel_id}", Call(Administer)),
    ("DELETE", "/api/alert-channels/{channel_id}", Call(Administer)),
    ("POST", "/api/alert-channels/{channel_id}/test", Call(Administer)),
    ("GET", "/api/alert-channels/{channel_id}/deliveries", Call(Administer)),
    ("GET", "/api/schedules", Call(Read)),
    ("POST", "/api/schedules", Call(ManageRuns)),
    ("POST", "/api/schedules/preview", Call(ManageRuns)),
    ("GET", "/api/schedules/{schedule_id}", Call(Read)),
    ("PATCH", "/api/schedules/{schedule_id}", Call(ManageRuns)),
    ("DELETE", "/api/schedules/{schedule_id}", Call(ManageRuns)),
    ("POST", "/api/schedules/{schedule_id}/run-now", Call(ManageRuns)),
    ("GET", "/api/schedules/{schedule_id}/next", Call(Read)),
    ("GET", "/api/stats", Call(Read)),
    ("GET", "/api/health/db", Call(ManageRuns)),
    ("GET", "/api/users", Call(Administer)),
    ("POST", "/api/users", Call(Administer)),
    ("PATCH", "/api/users/{user_id}", Call(Administer)),
    ("POST", "/api/users/{user_id}/login-link", Call(Administer)),
    ("GET", "/api/tokens", Call(Administer)),
    ("POST", "/api/tokens", Call(Administer)),
    ("POST", "/api/tokens/{token_id}/rotate", Call(Administer)),
    ("DELETE", "/api/tokens/{token_id}", Call(Administer)),
    ("PUT", "/api/lanes/{name}", Call(Administer)),
    ("DELETE", "/api/lanes/{name}", Call(Administer)),
    ("GET", "/api/audit", Call(Administer)),
    ("GET", "/api/audit/export", Call(Administer)),
    ("GET", "/api/settings", Call(Administer)),
    ("PATCH", "/api/settings", Call(Administer)),
    ("POST", "/client-errors", Call(Read)),
    ("GET", "/actions/run/{run_id}", Call(Read)),
    // An action may ask for more than this.
    ("POST", "/actions/run", Call(RunActions)),
    ("POST", "/runs.create", Call(ManageRuns)),
    // Postgres checks whose run it is.
    ("POST", "/runs.cancel", Call(ManageOwnRuns)),
    ("POST", "/runs.retry", Call(ManageOwnRuns)),
    ("POST", "/runs.rerun", Call(ManageOwnRuns)),
    // The wait names the role that decides.
    ("POST", "/runs.approve", Call(ManageOwnRuns)),
    ("POST", "/runs.resume", Call(ManageRuns)),
    // The token is the permission.
    ("POST", "/runs.callback/{token}", Address),
    // Of workers; Postgres checks whose worker and whose lease it is.
    ("POST", "/workers.register", Call(Work)),
    ("POST", "/workers.heartbeat", Call(Work)),
    ("POST", "/workers.drain", Call(Work)),
    ("POST", "/workers.deregister", Call(Work)),
    ("POST", "/runs.claim", Call(Work)),
    ("POST", "/runs.heartbeat", Call(Work)),
    ("POST", "/runs.complete", Call(Work)),
    ("POST", "/runs.release", Call(Work)),
    ("POST", "/runs.suspend", Call(Work)),
    ("POST", "/steps.record", Call(Work)),
    ("POST", "/events.append", Call(Work)),
    ("POST", "/logs.append", Call(Work)),
    ("POST", "/artifacts.upload", Call(Work)),
    ("POST", "/artifacts.put", Call(Work)),
    ("POST", "/secrets.get", Call(Work)),
];

/// What an address asks. What the table does not name is a server function or a page: never open.
pub fn access(method: &str, path: &str) -> Access {
    // HEAD reads what GET reads.
    let method = if method == "HEAD" { "GET" } else { method };
    let of_path = || TABLE.iter().filter(|(_, listed_path, _)| *listed_path == path);
    of_path()
        .find(|(listed_method, ..)| *listed_method == method)
        .map_or_else(
            || {
                // No handler: the router says so, and nobody has to log in to hear it.
                if of_path().next().is_some() && of_path().all(|(.., access)| matches!(access, Open | Address)) {
                    Address
                } else if is_for_programs(path) {
                    Call(Read)
                } else {
                    Access::Page
                }
            },
            |(.., access)| *access,
        )
}

/// Whether callers of this address expect problems, not pages.
pub fn is_for_programs(path: &str) -> bool {
    [
        "/api/",
        "/actions/",
        "/fn/",
        "/runs.",
        "/workers.",
        "/steps.",
        "/events.",
        "/logs.",
        "/artifacts.",
        "/secrets.",
        "/client-errors",
        "/live",
        "/metrics",
        "/openapi.json",
        "/healthz",
        "/readyz",
    ]
    .iter()
    .any(|beginning| path.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_listed_is_not_open() {
        assert_eq!(access("GET", "/runs/{run_id}"), Access::Page);
        assert_eq!(access("POST", "/fn/cancel_run"), Call(Read));
        assert_eq!(access("DELETE", "/api/runs"), Call(Read));
    }

    #[test]
    fn a_method_that_an_open_address_has_not_is_left_to_the_router() {
        assert_eq!(access("PUT", "/healthz"), Address);
        assert_eq!(access("TRACE", "/runs.callback/{token}"), Address);
    }

    #[test]
    fn head_asks_what_get_asks() {
        assert_eq!(access("HEAD", "/healthz"), Open);
    }
}
