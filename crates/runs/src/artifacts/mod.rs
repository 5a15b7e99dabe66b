//! Artifacts: what steps leave behind, beyond the row that names it.
//!
//! Up to 64 KiB stand in the row; more lies in an object store, a directory or an S3 bucket, under the
//! checksum of its bytes. So the same bytes lie there once, nothing is ever changed in place, and what is
//! read can be checked. What the store holds is known to the database
//! (`migrations/…040000_create_stored_objects.sql`): an artifact cannot name bytes that have not arrived.
//!
//! Start at [`Store`]; [`bring`] is the way in, [`open`] the way out.

mod bring;
mod diff;
mod error;
pub mod json;
mod links;
mod open;
mod settings;
mod share;
pub mod sniff;
mod store;
mod sweep;
mod words;

pub use bring::{Brought, bring};
pub use diff::{Diff, DiffLine, Hunk, LineChange, Manner, diff};
pub use error::{SettingsError, StoreError};
pub use links::{LinkError, LinkKey, UploadTicket};
pub use open::{Opened, open};
pub use settings::{Place, StoreSettings, StoreWords, USUAL_MOST_BYTES};
pub use share::share;
pub use store::{ByteStream, Object, Store};
pub use sweep::{Swept, sweep};
pub use words::{Piece, words};

pub use db::artifacts::{Earlier, earlier, earlier_ones};

/// Most bytes that stand in the row of an artifact.
pub const INLINE_BYTES: usize = 64 * 1024;
