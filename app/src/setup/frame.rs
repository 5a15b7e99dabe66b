//! The document around every page of the set-up.

use super::parts::copy;
use crate::components::Icon;
use leptos::prelude::*;
use leptos_meta::HashedStylesheet;

/// The steps, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Entering the database.
    Connect,
    /// What the login may do.
    Rights,
    /// What would be applied.
    Sql,
    /// Applying it.
    Migrate,
    /// The first person.
    Admin,
    /// Proof that runs run.
    Smoke,
}

impl Step {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Connect,
        Self::Rights,
        Self::Sql,
        Self::Migrate,
        Self::Admin,
        Self::Smoke,
    ];

    /// Where it is.
    pub fn path(self) -> &'static str {
        match self {
            Self::Connect => "/setup/connect",
            Self::Rights => "/setup/rights",
            Self::Sql => "/setup/sql",
            Self::Migrate => "/setup/migrate",
            Self::Admin => "/setup/admin",
            Self::Smoke => "/setup/smoke",
        }
    }

    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::Connect => "Connect",
            Self::Rights => "Check rights",
            Self::Sql => "Read the SQL",
            Self::Migrate => "Migrate",
            Self::Admin => "Create an admin",
            Self::Smoke => "Smoke run",
        }
    }
}

/// How far the set-up is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// This step is the first that is not done.
    At(Step),
    /// All of them are.
    Done,
}

/// What stands around a page.
pub struct Frame {
    /// Where the style sheet is.
    pub options: LeptosOptions,
    /// `light`, `dark`, or what the system says.
    pub theme: Option<String>,
    /// How far the set-up is; `None` for who has not shown a link, and learns nothing.
    pub progress: Option<Progress>,
    /// The line to keep, when the address was entered here and lives only in memory.
    pub unkept_address: Option<String>,
}

impl Frame {
    /// The whole document.
    pub(super) fn draw(&self, here: Option<Step>, title: &'static str, body: impl FnOnce() -> AnyView) -> String {
        // Icons are signals, and signals need an owner.
        Owner::new().with(|| self.document(here, title, body()).to_html())
    }

    fn document(&self, here: Option<Step>, title: &'static str, body: AnyView) -> impl IntoView + use<> {
        let options = self.options.clone();
        let steps = self.progress.map(|progress| steps(progress, here));
        let note = self.unkept_address.clone().map(unkept);
        view! {
            <!DOCTYPE html>
            <html lang="en" data-theme=self.theme.clone()>
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width, initial-scale=1" />
                    <meta name="color-scheme" content="light dark" />
                    <meta name="robots" content="noindex" />
                    <title>{format!("{title} · Set up Runboard")}</title>
                    <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                    <HashedStylesheet id="leptos" options=options />
                </head>
                <body>
                    <a class="skip" href="#main">
                        "Skip to the page"
                    </a>
                    <div class="setup">
                        <header class="setup-head">
                            <span class="brand">
                                <svg viewBox="0 0 20 20" aria-hidden="true">
                                    <path d="M2 5h9M2 10h16M2 15h6"></path>
                                    <circle cx="15" cy="5" r="1.6"></circle>
                                </svg>
                                <span>"Set up Runboard"</span>
                            </span>
                            {steps}
                        </header>
                        <main id="main" tabindex="-1" class="setup-main served">
                            <h1>{title}</h1>
                            {note}
                            {body}
                        </main>
                    </div>
                </body>
            </html>
        }
    }
}

fn steps(progress: Progress, here: Option<Step>) -> AnyView {
    let step = move |(number, step): (usize, Step)| {
        let is_done = match progress {
            Progress::At(next) => step < next,
            Progress::Done => true,
        };
        let mark = if is_done {
            html! {
                <span class="mark done">
                    <Icon name="check" />
                </span>
                <span class="sr">"Done: "</span>
            }
        } else {
            html! { <span class="mark" aria-hidden="true">{number + 1}</span> }
        };
        html! {
            <li>
                <a href=step.path() aria-current=(here == Some(step)).then_some("step")>
                    {mark}
                    <span>{step.title()}</span>
                </a>
            </li>
        }
    };
    html! {
        <nav aria-label="Steps">
            <ol class="setup-steps">{Step::ALL.into_iter().enumerate().map(step).collect_view()}</ol>
        </nav>
    }
}

fn unkept(line: String) -> AnyView {
    html! {
        <section class="card waiting setup-note" aria-label="The address is not kept">
            <Icon name="warn" />
            <div>
                <p class="strong">"The address that was entered here is kept in memory only."</p>
                <p>"Write it into the environment of the server, with its password, before the next start:"</p>
                {copy(line)}
            </div>
        </section>
    }
}
