//! Files that a step leaves in its directory of artifacts.
//!
//! A file is read once for its checksum, while secrets are hidden in it, and once on its way into the
//! object store; a small one goes into its row. What cannot be kept is said in the log of the step and
//! as an event: nothing is left out in silence.

mod collect;
mod keep;
mod kind;
mod prepare;

pub(super) use collect::open;
pub(super) use keep::leave_directory;
pub(crate) use keep::{Keeper, leave_bytes};
pub(super) use kind::file_of;
