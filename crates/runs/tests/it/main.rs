//! Use cases against a real database.

mod access;
mod artifacts;
mod enqueue;
mod maintenance;
mod s3;
mod schedules;
mod secrets;
