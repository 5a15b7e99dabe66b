//! `/openapi.json`: every endpoint for programs, described by the code that serves it.

mod refusals;

use crate::{actions, state::AppState};
use axum::Router;
use utoipa::{
    Modify, OpenApi,
    openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// What is said about the API as a whole.
#[derive(OpenApi)]
#[openapi(
    info(title = "Runboard", description = "Queue runs, watch them, read what they left. Errors are problem+json (RFC 9457)."),
    security(("token" = []), ("secret" = []), ("session" = [])),
    modifiers(&Credentials),
    tags((name = "runs", description = "One execution each."), (name = "actions", description = "Named operations, started as runs."),
        (name = "live", description = "Changes as they happen."),
        (name = "worker", description = "For workers in any language: claim runs, keep them, end them."))
)]
struct Api;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let components = api.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
        components.add_security_scheme(
            "secret",
            SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new("X-ROADMAP-AI-SECRET"))),
        );
        components.add_security_scheme(
            "session",
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(crate::caller::SESSION_COOKIE))),
        );
    }
}

/// The endpoints and their description, made together so that neither can lack what the other has.
pub fn endpoints() -> (Router<AppState>, utoipa::openapi::OpenApi) {
    let (router, mut api) = OpenApiRouter::with_openapi(Api::openapi())
        .routes(routes!(super::health::healthz))
        .routes(routes!(super::health::readyz))
        .routes(routes!(super::metrics::handler))
        .routes(routes!(actions::live::listen::handler))
        .routes(routes!(actions::action_runs::start::handler))
        .routes(routes!(actions::action_runs::read::handler))
        .routes(routes!(actions::action_runs::catalog::handler))
        .routes(routes!(actions::runs::create::handler))
        .routes(routes!(actions::runs::cancel::handler))
        .routes(routes!(actions::runs::retry::handler))
        .routes(routes!(actions::runs::rerun::handler))
        .routes(routes!(actions::runs::approve::handler))
        .routes(routes!(actions::runs::resume::handler))
        .routes(routes!(actions::runs::callback::handler))
        .routes(routes!(actions::runs::list::handler))
        .routes(routes!(actions::runs::read::handler))
        .routes(routes!(actions::runs::steps::handler))
        .routes(routes!(actions::runs::events::handler))
        .routes(routes!(actions::runs::logs::handler))
        .routes(routes!(actions::runs::logs_text::handler))
        .routes(routes!(actions::runs::artifacts::handler))
        .routes(routes!(actions::client_errors::report::handler))
        .routes(routes!(actions::artifacts::read::handler))
        .routes(routes!(actions::artifacts::content::handler))
        .routes(routes!(actions::artifacts::compare::handler))
        .routes(routes!(actions::artifacts::link::handler))
        .routes(routes!(actions::artifacts::download::handler))
        .routes(routes!(actions::artifacts::upload::handler))
        .routes(routes!(actions::artifacts::receive::handler))
        .routes(routes!(actions::secrets::list::handler))
        .routes(routes!(
            actions::secrets::save::handler,
            actions::secrets::delete::handler
        ))
        .routes(routes!(actions::lanes::list::handler))
        .routes(routes!(actions::lanes::pause::handler))
        .routes(routes!(actions::lanes::resume::handler))
        .routes(routes!(actions::workers::list::handler))
        .routes(routes!(actions::workers::drain::handler))
        .routes(routes!(actions::templates::list::handler))
        .routes(routes!(actions::templates::read::handler))
        .routes(routes!(actions::templates::save::handler))
        .routes(routes!(actions::runs::export::handler))
        .routes(routes!(actions::views::list::handler, actions::views::save::handler))
        .routes(routes!(actions::views::delete::handler))
        .routes(routes!(actions::bulk::preview::handler))
        .routes(routes!(actions::bulk::list::handler))
        .routes(routes!(actions::bulk::create::handler))
        .routes(routes!(actions::bulk::read::handler))
        .routes(routes!(actions::bulk::items::handler))
        .routes(routes!(actions::retention::read::handler))
        .routes(routes!(actions::retention::save::handler))
        .routes(routes!(actions::retention::run::handler))
        .routes(routes!(actions::alerts::list::handler))
        .routes(routes!(actions::alert_rules::list::handler))
        .routes(routes!(actions::alert_rules::change::handler))
        .routes(routes!(actions::alert_channels::list::handler))
        .routes(routes!(actions::alert_channels::create::handler))
        .routes(routes!(actions::alert_channels::change::handler))
        .routes(routes!(actions::alert_channels::delete::handler))
        .routes(routes!(actions::alert_channels::test::handler))
        .routes(routes!(actions::alert_channels::deliveries::handler))
        .routes(routes!(actions::schedules::list::handler))
        .routes(routes!(actions::schedules::create::handler))
        .routes(routes!(actions::schedules::preview::handler))
        .routes(routes!(actions::schedules::read::handler))
        .routes(routes!(actions::schedules::change::handler))
        .routes(routes!(actions::schedules::delete::handler))
        .routes(routes!(actions::schedules::run_now::handler))
        .routes(routes!(actions::schedules::next::handler))
        .routes(routes!(actions::templates::check::handler))
        .routes(routes!(actions::templates::versions::handler))
        .routes(routes!(actions::templates::version::handler))
        .routes(routes!(actions::templates::diff::handler))
        .routes(routes!(actions::templates::archive::handler))
        .routes(routes!(actions::stats::read::handler))
        .routes(routes!(actions::remote::register::handler))
        .routes(routes!(actions::remote::heartbeat::handler))
        .routes(routes!(actions::remote::drain::handler))
        .routes(routes!(actions::remote::deregister::handler))
        .routes(routes!(actions::remote::claim::handler))
        .routes(routes!(actions::remote::renew::handler))
        .routes(routes!(actions::remote::complete::handler))
        .routes(routes!(actions::remote::release::handler))
        .routes(routes!(actions::remote::suspend::handler))
        .routes(routes!(actions::remote::record_steps::handler))
        .routes(routes!(actions::remote::append_events::handler))
        .routes(routes!(actions::remote::append_logs::handler))
        .routes(routes!(actions::remote::put_artifacts::handler))
        .routes(routes!(actions::remote::get_secrets::handler))
        .routes(routes!(actions::users::list::handler))
        .routes(routes!(actions::users::create::handler))
        .routes(routes!(actions::users::update::handler))
        .routes(routes!(actions::users::link::handler))
        .routes(routes!(actions::tokens::list::handler))
        .routes(routes!(actions::tokens::create::handler))
        .routes(routes!(actions::tokens::rotate::handler))
        .routes(routes!(actions::tokens::revoke::handler))
        .routes(routes!(actions::lanes::save::handler))
        .routes(routes!(actions::lanes::delete::handler))
        .routes(routes!(actions::audit::list::handler))
        .routes(routes!(actions::audit::export::handler))
        .routes(routes!(actions::settings::read::handler))
        .routes(routes!(actions::settings::save::handler))
        .routes(routes!(actions::health::database::handler))
        .split_for_parts();
    name_operations(&mut api);
    refusals::describe(&mut api);
    (router, api)
}

/// Every handler is called `handler`; generated clients want a name per operation.
fn name_operations(api: &mut utoipa::openapi::OpenApi) {
    for (path, item) in &mut api.paths.paths {
        let words: Vec<&str> = path
            .split(|letter: char| !letter.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        let name = words.join("_");
        for (method, operation) in refusals::operations(item) {
            operation.operation_id = Some(format!("{method}_{name}"));
        }
    }
}

/// The description as JSON, the same bytes at every call.
pub fn document() -> String {
    let (_, api) = endpoints();
    let mut text = api.to_pretty_json().expect("a description is made of plain values");
    text.push('\n');
    text
}
