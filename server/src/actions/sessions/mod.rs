//! Sessions of people: how a browser comes in and leaves.

pub mod cookie;
pub mod login;
pub mod logout;
pub mod redeem;
pub mod target;
