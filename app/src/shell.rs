//! The frame around every page: document, rail, routes.

use crate::Boot;
use crate::components::Icon;
use crate::components::late::maybe;
use crate::components::{KeyHelp, Keys, OutdatedBar, Palette, ServedPage, ToastRegion, Toasts};
use crate::live::hub::Live;
use crate::now::Now;
use crate::pages::{BoardPage, LoginPage, RunListPage, RunPage};
use domain::Permission;
use leptos::{html, prelude::*, tachys::reactive_graph::OwnedView};
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    hooks::use_location,
    path,
};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// A section of the rail: its name, and its pages.
type Section = (&'static str, &'static [Entry]);
/// A page of the rail: address, name, icon, and what one must be allowed to do to see it.
type Entry = (&'static str, &'static str, &'static str, Permission);

/// What the rail shows; the palette finds the same.
pub(crate) const RAIL: &[Section] = &[
    (
        "Do",
        &[
            ("/", "Runboard", "board", Permission::Read),
            ("/runs", "Runs", "list", Permission::Read),
            ("/templates", "Templates", "template", Permission::Read),
        ],
    ),
    (
        "Operate",
        &[
            ("/workers", "Workers", "worker", Permission::Read),
            ("/schedules", "Schedules", "calendar", Permission::Read),
            ("/alerts", "Alerts", "bell", Permission::Read),
            ("/health/db", "Database", "database", Permission::ManageRuns),
            ("/audit", "Audit", "audit", Permission::Administer),
            ("/settings", "Settings", "settings", Permission::Read),
        ],
    ),
];

/// The whole document, for the server.
#[cfg(feature = "ssr")]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    use crate::looks::{DENSITY, KEYS, THEME};
    use leptos_meta::{HashedStylesheet, MetaTags};
    let boot = Boot::of_request();
    provide_context(boot.clone());
    let data_boot = serde_json::to_string(&boot).unwrap_or_default();
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=THEME.mark() data-density=DENSITY.mark() data-keys=KEYS.mark() data-boot=data_boot>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <HashedStylesheet id="leptos" options=options.clone() />
                <AutoReload options=options.clone() />
                <HydrationScripts options=options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The pages.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let boot = Boot::of_page();
    let now = Now::start(boot.now);
    provide_context(now);
    provide_context(Live::new(now, boot.build.clone()));
    provide_context(Toasts::new());
    provide_context(boot);
    html! {
        <Title formatter=|title: String| if title.is_empty() { "Runboard".to_owned() } else { format!("{title} · Runboard") } />
        <Router>
            <Frame />
        </Router>
    }
}

/// Rail, page, messages.
#[component]
fn Frame() -> impl IntoView {
    let help = RwSignal::new(false);
    let path = use_location().pathname;
    let is_alone = Memo::new(move |_| *path.read() == "/login");
    let main = NodeRef::<html::Main>::new();
    // Who listens to the page hears that it changed; the first page is announced by the browser.
    Effect::new(move |before: Option<String>| {
        let path = path.get();
        if before.is_some_and(|before| before != path)
            && let Some(main) = main.get_untracked()
        {
            let _ = main.focus();
        }
        path
    });
    // The router would make the page anew, and leave it without its signals, whenever the query changes.
    let owner = Owner::current().unwrap_or_default();
    let served = move || {
        let owner = owner.child();
        OwnedView::new_with_owner(owner.with(|| html! { <ServedPage /> }), owner)
    };
    html! {
        <a class="skip" href="#main">"Skip to the page"</a>
        <div class="app" class:alone=is_alone>
            <Rail help=help />
            <main id="main" tabindex="-1" node_ref=main>
                <OutdatedBar />
                <FlatRoutes fallback=served>
                    <Route path=path!("/") view=BoardPage ssr=SsrMode::Async />
                    <Route path=path!("/runs") view=RunListPage ssr=SsrMode::Async />
                    <Route path=path!("/runs/:id") view=RunPage ssr=SsrMode::Async />
                    <Route path=path!("/login") view=LoginPage ssr=SsrMode::Async />
                </FlatRoutes>
            </main>
        </div>
        <Keys help=help />
        <KeyHelp shown=help />
        <Palette />
        <ToastRegion />
    }
}

/// Where one can go.
#[component]
fn Rail(
    /// Whether the keyboard help is shown.
    help: RwSignal<bool>,
) -> impl IntoView {
    let path = use_location().pathname;
    let boot = use_context::<Boot>().unwrap_or_default();
    let link = move |(href, name, icon, permission): &Entry| {
        let (href, name, icon) = (*href, *name, *icon);
        // Before logging in there is nobody to hide anything from.
        let is_shown = boot.viewer.is_none() || boot.may(*permission);
        if !is_shown {
            return None;
        }
        let is_here = move || {
            let path = path.read();
            if href == "/" {
                *path == "/"
            } else {
                path.starts_with(href)
            }
        };
        Some(html! {
            <li>
                <a href=href aria-current=maybe(move || is_here().then_some("page"))>
                    <Icon name=icon />
                    <span>{name}</span>
                </a>
            </li>
        })
    };
    let section = |(title, pages): &Section| {
        html! {
            <p class="rail-title">{*title}</p>
            <ul>{pages.iter().filter_map(&link).collect_view()}</ul>
        }
    };
    // On a phone the first section is the bar; the others open from it.
    let (first, rest) = RAIL.split_at(1);
    let first = first.iter().map(section).collect_view();
    let rest = rest.iter().map(section).collect_view();
    let close = |event: leptos::ev::MouseEvent| {
        let rest = event
            .current_target()
            .and_then(|rest| rest.dyn_into::<HtmlElement>().ok());
        if let Some(rest) = rest {
            let _ = rest.hide_popover();
        }
    };
    html! {
        <nav class="rail" aria-label="Main">
            <a class="brand" href="/">
                <svg viewBox="0 0 20 20" aria-hidden="true">
                    <path d="M2 5h9M2 10h16M2 15h6"></path>
                    <circle cx="15" cy="5" r="1.6"></circle>
                </svg>
                <span>"Runboard"</span>
            </a>
            {first}
            <button type="button" class="rail-more" popovertarget="rail-rest">
                <Icon name="more" />
                <span>"More"</span>
            </button>
            <div popover="auto" id="rail-rest" class="rail-rest" on:click=close>
                {rest}
            </div>
            <span class="grow"></span>
            <button type="button" class="btn quiet key-help" on:click=move |_| help.set(true)>
                "Keyboard"
                <kbd>"?"</kbd>
            </button>
        </nav>
    }
}
