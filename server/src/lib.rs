//! The server: HTTP, the live stream, operator commands, and a private Postgres for one machine.
//!
//! This room wires: it reads the settings, proves who calls, turns requests into use cases of `runs` and
//! answers with views, serves the pages of `app`, and tells everybody who listens what changed. It must
//! not know SQL, step kinds or how a template is read. It keeps no state that another server would
//! miss: several may stand behind one balancer.
//!
//! Start at [`start()`] for how it comes up, at [`http`] for how a request reaches its handler, at
//! [`live`] for the stream, at [`embedded`] for the private Postgres, at [`cli`] for the commands.

pub mod actions;
pub mod caller;
pub mod cli;
pub mod config;
mod door;
pub mod embedded;
pub mod error;
pub mod export;
pub mod http;
pub mod live;
mod open_files;
mod private_file;
mod random;
pub mod setup;
mod start;
pub mod state;
mod sweep;
mod upkeep;

pub use config::Config;
pub use start::{Handle, StartError, start};
