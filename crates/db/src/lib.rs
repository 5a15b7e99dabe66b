//! Every line of Rust-side SQL, the pool, and the listener.
//!
//! One module per family of tables, free functions on `&mut PgConnection`; the caller owns the
//! transaction. The queue's rules live in SQL functions of the migrations: [`queue`] only calls them.
//! This room must not know HTTP, pages, or what a step does.
//!
//! Start at [`pool::begin_as`] for how a caller's identity reaches Postgres, at [`queue`] for the life of
//! a run, at [`reads`] for what pages show, at [`listener`] for hints.

pub mod access;
pub mod actions;
pub mod alerts;
pub mod artifacts;
pub mod audit;
pub mod bulk;
pub mod clock;
pub mod error;
pub mod health;
pub mod listener;
pub mod migrate;
pub mod pool;
pub mod queue;
pub mod reads;
pub mod retention;
pub mod schedules;
pub mod secrets;
pub mod settings;
pub mod setup;
mod statements;
pub mod templates;
pub mod views;

pub use error::{DbError, Result};
pub use sqlx::PgConnection;

/// The pool of connections to Postgres.
pub type Pool = sqlx::PgPool;

/// A transaction that rolls back unless it is committed.
pub type Transaction = sqlx::Transaction<'static, sqlx::Postgres>;
