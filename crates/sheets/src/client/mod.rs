//! A client of the Sheets API v4, for Google and for Runboard's own endpoint alike.
//!
//! Only the base address, the credential and the quota differ. Whoever makes a client brings the HTTP client (and with
//! it the rules about which addresses may be reached), the clock and the quota.

mod credential;
mod error;
mod key_file;
mod methods;
mod send;
mod surroundings;

pub use credential::Credential;
pub use error::SheetsError;
pub use key_file::{BadKeyFile, KeyFile, SCOPE};
pub use methods::Rendering;
pub use send::{Call, Lease, Repeat, SheetsClient, Wait};
pub use surroundings::{Permit, Quota, RequestClass, Surroundings, Unlimited};

#[cfg(test)]
mod tests;
