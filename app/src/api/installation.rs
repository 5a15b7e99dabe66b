//! What the server tells the pages of itself.

use runs::connections::Connections;
use std::sync::Arc;

/// Where this server is reached, and what it is connected with; cheap to clone.
#[derive(Clone)]
pub struct Installation {
    /// Address by which people reach it, without a slash at the end.
    pub public_url: Arc<str>,
    /// What it is connected with.
    pub connections: Arc<Connections>,
}
