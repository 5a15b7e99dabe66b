//! What steps print, on its way to the control plane.
//!
//! Lines gather for a moment and leave in chunks. A run may print without end: of a flood the head and
//! the last lines are kept, and the run says how much was left out between.

mod cap;
mod lines;
mod stream;

pub use cap::LogLimits;
pub use lines::{RunLog, StepLog};
pub(crate) use stream::pump;
