//! The pages of the set-up: drawn by the server before there is a database, a session or a script.
//!
//! Each function takes what was found, in the words of `runs::setup`, and answers with a whole document. The pages load
//! one style sheet and nothing else; what goes on by itself is fetched again by the browser, and can be stopped.

mod admin;
mod connect;
mod frame;
mod key;
mod migrate;
mod parts;
mod rights;
mod smoke;
mod sql;

pub use admin::{AdminView, admin};
pub use connect::{ConnectView, connect};
pub use frame::{Frame, Progress, Step};
pub use key::key;
pub use migrate::{LineView, MigrateView, Outcome, migrate};
pub use rights::rights;
pub use smoke::{SmokeView, smoke};
pub use sql::sql;
