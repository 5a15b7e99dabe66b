//! One component per route.

mod board;
mod login;
mod run;
mod run_actions;
pub(crate) mod run_list;
mod run_tabs;

pub(crate) use board::BoardPage;
pub(crate) use login::LoginPage;
pub(crate) use run::RunPage;
pub(crate) use run_list::RunListPage;
