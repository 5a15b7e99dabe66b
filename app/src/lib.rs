//! Pages and server functions.
//!
//! The same components render on the server (feature `ssr`) and come alive in the browser (feature `hydrate`). This
//! room must not know SQL, HTTP routing or how runs are stored: a server function takes `runs::Services` from its
//! context, makes one use-case call and answers with a view.
//!
//! Start at [`views`] for the data, at [`live::wire`] for what keeps it fresh.

pub mod live;
pub mod views;
