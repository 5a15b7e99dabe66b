//! Use cases against a real database.

mod access;
mod enqueue;
mod schedules;
