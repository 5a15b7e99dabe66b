//! A browser that sets a server up.

use crate::client::config;
use reqwest::{Client, RequestBuilder, Response, redirect::Policy};
use server::setup::{self, SetupServer};
use std::time::Duration;

/// Must never be seen.
pub(super) const PASSWORD: &str = "correct-horse-battery";

/// A server that is being set up, and a browser that used its link.
pub(super) struct Wizard {
    pub(super) client: Client,
    pub(super) url: String,
    pub(super) cookie: String,
    _data_dir: tempfile::TempDir,
}

impl Wizard {
    pub(super) async fn start(database_url: &str) -> (Self, SetupServer) {
        let data_dir = tempfile::tempdir().unwrap();
        let mut config = config(&data_dir);
        config.database_url = Some(database_url.to_owned());
        let server = setup::start(config, false).await.unwrap();
        let client = browser();
        let answer = client.get(server.setup.link()).send().await.unwrap();
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("Path=/setup"),
            "{cookie}"
        );
        let wizard = Self {
            client,
            url: server.url().to_owned(),
            cookie: cookie.split(';').next().unwrap().to_owned(),
            _data_dir: data_dir,
        };
        (wizard, server)
    }

    /// The same, and the server goes on to serve when the database can be used.
    pub(super) async fn going_on(database_url: &str) -> Self {
        let (wizard, server) = Self::start(database_url).await;
        tokio::spawn(async move {
            server.ready().await;
            let handle = server.serve().await.unwrap();
            // It lives as long as the test.
            std::future::pending::<()>().await;
            drop(handle);
        });
        wizard
    }

    async fn send(&self, request: RequestBuilder) -> (u16, String) {
        let answer = request
            .header("cookie", &self.cookie)
            .header("origin", &self.url)
            .send()
            .await
            .unwrap();
        read(answer).await
    }

    pub(super) async fn page(&self, path: &str) -> String {
        self.send(self.client.get(format!("{}{path}", self.url))).await.1
    }

    pub(super) async fn post(&self, path: &str, form: &[(&str, &str)]) -> (u16, String) {
        self.send(form_of(self.client.post(format!("{}{path}", self.url)), form))
            .await
    }

    pub(super) async fn until(&self, path: &str, words: &str) -> String {
        for _ in 0..300 {
            let page = self.page(path).await;
            if page.contains(words) {
                return page;
            }
            tokio::time::timeout(Duration::from_millis(100), std::future::pending::<()>())
                .await
                .unwrap_err();
        }
        panic!("{path} never said {words:?}: {}", self.page(path).await)
    }

    pub(super) async fn nobody(&self, path: &str) -> Response {
        self.client.get(format!("{}{path}", self.url)).send().await.unwrap()
    }
}

/// Goes where it is sent only when it is told to.
pub(super) fn browser() -> Client {
    // Two tests may both be first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().redirect(Policy::none()).build().unwrap()
}

/// A request with a form, as browsers send it.
pub(super) fn form_of(request: RequestBuilder, form: &[(&str, &str)]) -> RequestBuilder {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    request
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body)
}

/// Status and body; whatever it is, no password is in it.
pub(super) async fn read(answer: Response) -> (u16, String) {
    let (status, headers) = (answer.status().as_u16(), format!("{:?}", answer.headers()));
    let text = answer.text().await.unwrap();
    assert!(
        !text.contains(PASSWORD) && !headers.contains(PASSWORD),
        "a password shows"
    );
    (status, text)
}
