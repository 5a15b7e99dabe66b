//! `/settings/connections`: what this installation is connected with, and whether it answers. Never a secret.

use super::tabs::tabs;
use crate::api::{Installation, PageError};
use crate::served::{
    Ask, Page,
    parts::{pill, records},
};
use domain::Permission;
use leptos::prelude::*;
use runs::artifacts::Place;
use runs::connections::{self, Answers, Check, Connections, State};

/// One connection: what it is, where it is, what sets it, and how it answers.
struct Line {
    name: &'static str,
    place: String,
    set_by: &'static str,
    check: Option<Check>,
}

/// The page.
pub(super) async fn page(ask: &Ask) -> Result<Page, PageError> {
    ask.require(Permission::Administer)?;
    let known = use_context::<Installation>()
        .map(|known| known.connections)
        .unwrap_or_default();
    let mut tx = ask.services.begin(&ask.claims).await?;
    let workers = runs::read::workers(&mut tx).await?;
    drop(tx);
    let with_docker = workers
        .iter()
        .filter(|worker| worker.stopped_at.is_none() && worker.kinds.iter().any(|kind| kind == "docker"))
        .count();
    let Answers {
        database,
        artifacts,
        docker,
        model,
    } = connections::all(&ask.services, &known).await;
    let lines = vec![
        Line {
            name: "Database",
            place: known.database.clone(),
            set_by: "DATABASE_URL",
            check: Some(database),
        },
        Line {
            name: "Artifacts",
            place: ask
                .services
                .store()
                .map(|store| place(store.place()))
                .unwrap_or_default(),
            set_by: "RUNBOARD_ARTIFACTS, RUNBOARD_S3_…",
            check: artifacts,
        },
        Line {
            name: "Docker",
            place: format!("{}; {with_docker} workers take steps of it", known.docker),
            set_by: "RUNBOARD_DOCKER_HOST, DOCKER_HOST",
            check: Some(docker),
        },
        Line {
            name: "Language model",
            place: known.model.as_deref().map(Connections::shown).unwrap_or_default(),
            set_by: "RUNBOARD_MODEL_URL",
            check: model,
        },
        sheets(&known),
        key(&known),
    ];
    let rows = lines.into_iter().map(row).collect();
    let body = html! {
        {tabs(ask)}
        {records("Connections", &["Connection", "State", "Where", "What it says", "Set by"], rows)}
        <p class="note">
            "Connections are set by the environment or runboard.toml of the server, and are read when it starts. "
            "On its machine " <code>"runboard doctor"</code> " says more."
        </p>
    };
    Ok(Page::new(ask, "Connections", body)
        .actions(html! { <a class="btn" href="/settings/connections">"Ask again"</a> }))
}

fn place(place: &Place) -> String {
    match place {
        Place::Directory(path) => format!("directory {}", path.display()),
        Place::S3 {
            bucket,
            prefix,
            endpoint,
            region,
            ..
        } => {
            let at = endpoint
                .as_ref()
                .map_or_else(|| region.clone(), |url| Connections::shown(url.as_str()));
            format!("bucket {bucket}/{prefix} at {at}")
        }
    }
}

/// The menus call here; nothing is called there.
fn sheets(known: &Connections) -> Line {
    let check = known
        .sheet_menus
        .then(|| Check::ok("sheets", "Menus that know the shared secret act as planner."));
    Line {
        name: "Google Sheets menus",
        place: "/actions/run".to_owned(),
        set_by: "ROADMAP_AI_SECRET",
        check,
    }
}

fn key(known: &Connections) -> Line {
    let place = match &known.key_file {
        Some(path) => format!("file {}", path.display()),
        None => "the environment".to_owned(),
    };
    Line {
        name: "Key of the secrets",
        place,
        set_by: "RUNBOARD_SECRET_KEY, RUNBOARD_SECRET_KEY_FILE",
        check: Some(Check::ok("key", "It was read when the server started.")),
    }
}

fn row(line: Line) -> Vec<AnyView> {
    let (word, tone) = match line.check.as_ref().map(|check| check.state) {
        Some(State::Ok) => ("in order", "ok"),
        Some(State::Warning) => ("not there", "warn"),
        Some(State::Broken) => ("broken", "bad"),
        None => ("not set", "idle"),
    };
    let is_set = line.check.is_some();
    let (says, todo) = match line.check {
        Some(check) => (check.says, check.fix.map(|fix| fix.todo)),
        None => ("Nothing needs it.".to_owned(), None),
    };
    vec![
        line.name.into_any(),
        pill(word, tone),
        html! { <span class="wrap">{if is_set { line.place } else { "–".to_owned() }}</span> },
        html! { <span class="wrap">{says} {todo.map(|todo| html! { <span class="note block">{todo}</span> })}</span> },
        html! { <code class="wrap">{line.set_by}</code> },
    ]
}
