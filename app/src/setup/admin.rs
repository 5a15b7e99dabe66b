//! The first person.

use super::{
    Frame, Step,
    parts::{checks, copy, field, onward, refusal, way, ways},
};
use leptos::prelude::*;
use runs::setup::Check;

/// How it stands.
pub enum AdminView {
    /// The database has not its shape yet.
    Early,
    /// The server is about to open its doors.
    Soon,
    /// There is one already.
    Exists {
        /// This browser was logged in as the admin it has just made.
        own: Option<String>,
    },
    /// Nobody is there.
    Ask {
        /// What was entered before.
        email: String,
        /// Why that was refused.
        refused: Option<String>,
        /// Fewest characters of a password.
        shortest: usize,
    },
}

/// The page.
pub fn admin(frame: &Frame, view: AdminView) -> String {
    frame.draw(Some(Step::Admin), Step::Admin.title(), || match view {
        AdminView::Early => html! {
            <p class="lead">"People are kept in the database, which has not its shape yet."</p>
            {ways(vec![onward("/setup/migrate", "Migrate first")])}
        },
        AdminView::Soon => html! {
            <p class="lead" role="status">"The database is ready; the server opens its doors. This page goes on by itself."</p>
            {ways(vec![way("/setup/admin", "Update")])}
        },
        AdminView::Exists { own } => exists(own.as_deref()),
        AdminView::Ask { email, refused, shortest } => ask(email, refused, shortest),
    })
}

fn exists(own: Option<&str>) -> AnyView {
    let words = match own {
        Some(email) => format!("{email} is the admin, and this browser is logged in."),
        None => "This installation has an admin already, so this step is skipped.".to_owned(),
    };
    let link = match own {
        Some(email) => format!("runboard user link --email {email}"),
        None => "runboard user link".to_owned(),
    };
    html! {
        {checks("Admin", &[Check::ok("admin", words)])}
        <p>"A one-time link for another browser comes from the command line of the server:"</p>
        {copy(link)}
        {ways(vec![onward("/setup/smoke", "Continue to the smoke run")])}
    }
}

fn ask(email: String, refused: Option<String>, shortest: usize) -> AnyView {
    html! {
        <p class="lead">"The admin manages people, tokens, lanes and secrets. This browser is logged in with it."</p>
        <section class="card pane">
            {refusal(refused)}
            <form method="post" action="/setup/admin">
                {field(
                    "E-mail",
                    html! { <input type="email" id="email" name="email" value=email required=true autocomplete="username" /> },
                    "email",
                )}
                {field(
                    "Password",
                    html! {
                        <input
                            type="password"
                            id="password"
                            name="password"
                            minlength=shortest.to_string()
                            autocomplete="new-password"
                            aria-describedby="password-help"
                        />
                    },
                    "password",
                )}
                <p id="password-help" class="help">
                    {format!("At least {shortest} characters. Left empty, the admin comes in by one-time links; `runboard user link` prints one.")}
                </p>
                <button class="btn primary">"Create the admin"</button>
            </form>
        </section>
    }
}
