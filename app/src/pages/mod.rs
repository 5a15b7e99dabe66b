//! One component per route.

mod board;
mod login;
mod not_found;
mod run;
mod run_list;
mod run_tabs;
mod settings;
mod start;
mod templates;
mod workers;

pub(crate) use board::BoardPage;
pub(crate) use login::LoginPage;
pub(crate) use not_found::NotFoundPage;
pub(crate) use run::RunPage;
pub(crate) use run_list::RunListPage;
pub(crate) use settings::SettingsPage;
pub(crate) use start::StartPage;
pub(crate) use templates::TemplatesPage;
pub(crate) use workers::WorkersPage;
