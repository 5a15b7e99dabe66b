//! Setting an installation up: what stands in the way, in the words that pages and commands share.
//!
//! Everything here turns what `db` finds into [`Check`]s: a sentence, and where something is to be done a fix that can
//! be copied. [`look`] is the whole of it in one go; [`smoke`] proves in the end that runs run.

mod address;
mod check;
mod entrance;
mod look;
mod migration;
mod quote;
mod rights;
mod shape;
pub mod smoke;

pub use address::{AddressProblem, NewAddress, TLS_WORDS};
pub use check::{Check, Fix, State};
pub use entrance::entrance;
pub use look::{Look, listening, look, ready};
pub use migration::broken;
pub use rights::rights;
pub use shape::shape;

pub use db::migrate::{Broken, Known, Ledger, Note, apply, as_sql, ledger, pending_sql};
pub use db::setup::{Address, Failure, Trouble, connect};
