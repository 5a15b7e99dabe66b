//! What the client takes from outside: time, chance, and the leave to send.

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use std::time::Duration;

/// Time and chance.
pub trait Surroundings: Send + Sync {
    /// The time.
    fn now(&self) -> DateTime<Utc>;
    /// Waits.
    fn pause(&self, span: Duration) -> BoxFuture<'_, ()>;
    /// A number from 0 up to 1, another one each time.
    fn chance(&self) -> f64;
}

/// Quotas count reads and writes apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RequestClass {
    /// Changes nothing.
    Read,
    /// Changes something.
    Write,
}

/// The answer of a quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permit {
    /// Send now; the request is counted.
    Go,
    /// Ask again after this time.
    Wait(Duration),
}

/// Shares the requests a credential may send among all who use it.
pub trait Quota: Send + Sync {
    /// Asks to send one request. `credential` is the name of the account, never its secret.
    fn ask<'q>(&'q self, class: RequestClass, credential: &'q str) -> BoxFuture<'q, Permit>;
}

/// No quota.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unlimited;

impl Quota for Unlimited {
    fn ask<'q>(&'q self, _: RequestClass, _: &'q str) -> BoxFuture<'q, Permit> {
        Box::pin(async { Permit::Go })
    }
}
