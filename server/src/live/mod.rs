//! The live stream: what changed, said once to everybody who listens.
//!
//! A *topic* is what a page listens to: the board, a run, a log. The [`Hub`] numbers every event, keeps the
//! last ones for those who come back, and hands each to the connections of its topic. The pump hears
//! hints from Postgres, reads what they point at, compares with what was said last, and publishes the
//! difference. Nothing is read while nobody listens; a lost hint is made good by polling.
//!
//! Start at [`Hub::subscribe`] for the side of the listener, at [`pump`] for the side of the database.

mod bell;
mod hub;
mod parts;
mod pending;
pub mod pump;
mod ring;
mod subscription;
mod topic;

pub use bell::Bell;
pub use hub::Hub;
pub use subscription::Subscription;
pub use topic::{Topic, topics};
