//! A client in front of a server that does what it is told.

use crate::{
    client::{Call, Credential, Quota, Rendering, Repeat, SheetsClient, SheetsError, Surroundings, Unlimited},
    wire::BatchUpdateSpreadsheetRequest,
};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    response::Response,
};
use chrono::{DateTime, TimeDelta, Utc};
use futures::{future::BoxFuture, stream};
use serde_json::{Value, json};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::net::TcpListener;
use url::Url;

/// What the server does with a request.
#[derive(Debug, Clone)]
pub(super) enum Turn {
    Answer(u16, Value),
    Later(u16, &'static str),
    Page(u16, &'static str),
    Cut,
    Silence,
}

/// What the server heard.
#[derive(Debug, Clone)]
pub(super) struct Heard {
    pub(super) line: String,
    pub(super) token: String,
    pub(super) lease: String,
    pub(super) body: String,
}

#[derive(Clone, Default)]
pub(super) struct Server {
    turns: Arc<Mutex<VecDeque<Turn>>>,
    heard: Arc<Mutex<Vec<Heard>>>,
}

impl Server {
    pub(super) fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }
}

async fn serve(State(server): State<Server>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let header = |name: &str| {
        let value = parts.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    server.heard.lock().unwrap().push(Heard {
        line: format!("{} {}", parts.method, parts.uri),
        token: header("authorization"),
        lease: header("x-runboard-lease"),
        body: String::from_utf8(body.to_vec()).unwrap(),
    });
    let turn = server.turns.lock().unwrap().pop_front();
    let reply = |status: u16, body: Body| Response::builder().status(status).body(body).unwrap();
    match turn.expect("more requests than turns") {
        Turn::Answer(status, body) => reply(status, Body::from(body.to_string())),
        Turn::Later(status, after) => {
            let mut response = reply(status, Body::from(refusal("slow down").to_string()));
            response.headers_mut().insert("retry-after", after.parse().unwrap());
            response
        }
        Turn::Page(status, page) => reply(status, Body::from(page)),
        Turn::Cut => {
            let parts = [Ok(Bytes::from_static(b"{")), Err(std::io::Error::other("cut"))];
            reply(200, Body::from_stream(stream::iter(parts)))
        }
        Turn::Silence => std::future::pending().await,
    }
}

pub(super) fn refusal(message: &str) -> Value {
    json!({"error": {"code": 0, "message": message, "status": "X"}})
}

/// Time that moves only when somebody waits.
pub(super) struct Still {
    now: Mutex<DateTime<Utc>>,
    waits: Mutex<Vec<Duration>>,
}

impl Surroundings for Still {
    fn now(&self) -> DateTime<Utc> {
        *self.now.lock().unwrap()
    }

    fn pause(&self, span: Duration) -> BoxFuture<'_, ()> {
        self.waits.lock().unwrap().push(span);
        *self.now.lock().unwrap() += span;
        Box::pin(async {})
    }

    fn chance(&self) -> f64 {
        0.5
    }
}

pub(super) struct Stage {
    pub(super) server: Server,
    pub(super) still: Arc<Still>,
    pub(super) client: SheetsClient,
}

impl Stage {
    pub(super) async fn new(turns: impl IntoIterator<Item = Turn>) -> Self {
        Self::with(turns, Arc::new(Unlimited), |_| Credential::bearer("ann", "secret")).await
    }

    pub(super) async fn with(
        turns: impl IntoIterator<Item = Turn>,
        quota: Arc<dyn Quota>,
        credential: impl Fn(&Url) -> Credential,
    ) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let server = Server::default();
        server.turns.lock().unwrap().extend(turns);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base: Url = format!("http://{}/sub/", listener.local_addr().unwrap())
            .parse()
            .unwrap();
        let router = Router::new().fallback(serve).with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let still = Arc::new(Still {
            now: Mutex::new(DateTime::from_timestamp(1_768_383_012, 0).unwrap()),
            waits: Mutex::default(),
        });
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let client = SheetsClient::new(http, base.clone(), credential(&base), quota, still.clone());
        Self { server, still, client }
    }

    pub(super) async fn read(&self, seconds: f64) -> Result<crate::wire::ValueRange, SheetsError> {
        let deadline = self.still.now() + TimeDelta::milliseconds((seconds * 1000.0) as i64);
        let rendering = Rendering::Unformatted;
        self.client
            .values_get(Call::until(deadline), "abc", "'My Tab'!A1:B", rendering)
            .await
    }

    pub(super) async fn change(
        &self,
        repeat: Repeat,
    ) -> Result<crate::wire::BatchUpdateSpreadsheetResponse, SheetsError> {
        let call = Call::until(self.still.now() + TimeDelta::seconds(60));
        let nothing = BatchUpdateSpreadsheetRequest::default();
        self.client.batch_update(call, "abc", &nothing, repeat).await
    }

    pub(super) fn waits(&self) -> Vec<u64> {
        let waits = self.still.waits.lock().unwrap();
        waits.iter().map(|span| span.as_millis() as u64).collect()
    }
}
