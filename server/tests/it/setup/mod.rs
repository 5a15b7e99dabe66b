//! The set-up through a socket: every state in which a database can be found.

mod guarded;
mod refusals;
mod silence;
mod steps;
mod wizard;
