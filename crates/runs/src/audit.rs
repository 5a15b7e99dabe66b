//! The audit log: what people did.

pub use db::audit::{AuditFilter, AuditRow, list};
