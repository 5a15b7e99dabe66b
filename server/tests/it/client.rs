//! A server for one test, and callers of every kind.

use domain::{Claims, Role};
use reqwest::{Client, Method, Response, redirect::Policy};
use runs::access::{self, TokenSpec};
use runs::artifacts::StoreSettings;
use runs::network::NetworkPolicy;
use serde_json::Value;
use server::{Config, Handle, config::LogFormat};
use testkit::TestDb;

/// The secret of the sheet menus in tests.
pub(crate) const SECRET: &str = "a secret that sheets share";

/// A server on a database of its own.
pub(crate) struct TestServer {
    pub(crate) db: TestDb,
    pub(crate) handle: Handle,
    pub(crate) client: Client,
    pub(crate) data_dir: tempfile::TempDir,
}

impl TestServer {
    pub(crate) async fn start() -> Self {
        // The webhooks of tests listen on this machine.
        let network = NetworkPolicy {
            allow_private: true,
            ..NetworkPolicy::default()
        };
        Self::start_in(network).await
    }

    /// The same, where webhooks reach only what `network` allows.
    pub(crate) async fn start_in(network: NetworkPolicy) -> Self {
        // Two tests may both be first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let db = TestDb::new().await;
        let data_dir = tempfile::tempdir().unwrap();
        let config = Config {
            database_url: Some(db.url().to_owned()),
            network,
            ..config(&data_dir)
        };
        let handle = server::start(config).await.unwrap();
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        Self {
            db,
            handle,
            client,
            data_dir,
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.handle.url())
    }

    /// A token with this role.
    pub(crate) async fn token(&self, role: Role) -> String {
        self.narrow_token(role, None, None).await
    }

    /// A token with this role for these actions and spreadsheets.
    pub(crate) async fn narrow_token(
        &self,
        role: Role,
        actions: Option<&[&str]>,
        spreadsheets: Option<&[&str]>,
    ) -> String {
        let list = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        let services = self.handle.services();
        let mut tx = services.pool().begin().await.unwrap();
        let spec = TokenSpec {
            name: format!("test {role}"),
            role: Some(role),
            actions: actions.map(list),
            spreadsheets: spreadsheets.map(list),
            expires_at: None,
        };
        let issued = access::issue_token(&mut tx, services.now(), &Claims::command_line(), &spec)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        issued.token
    }

    /// A one-time link for a person; the first one becomes admin.
    pub(crate) async fn login_link(&self, email: &str) -> String {
        let services = self.handle.services();
        let mut tx = services.pool().begin().await.unwrap();
        let link = access::issue_login_link(&mut tx, services.now(), &Claims::command_line(), email)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        self.url(&format!("/login/{}", link.token))
    }

    /// The cookie of an admin's browser.
    pub(crate) async fn browser(&self) -> String {
        let answer = self
            .client
            .get(self.login_link("admin@localhost").await)
            .send()
            .await
            .unwrap();
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    /// Calls as the holder of `token`, with a JSON body if there is one.
    pub(crate) async fn call(&self, token: &str, method: Method, path: &str, body: Option<Value>) -> Response {
        let request = self.client.request(method, self.url(path)).bearer_auth(token);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        request.send().await.unwrap()
    }

    /// Posts JSON and answers with status and body.
    pub(crate) async fn post(&self, token: &str, path: &str, body: Value) -> (u16, Value) {
        answer(self.call(token, Method::POST, path, Some(body)).await).await
    }

    /// Reads JSON.
    pub(crate) async fn get(&self, token: &str, path: &str) -> (u16, Value) {
        answer(self.call(token, Method::GET, path, None).await).await
    }

    /// Saves a template with one text parameter.
    pub(crate) async fn save_template(&self, slug: &str) {
        let services = self.handle.services();
        let by = Claims::command_line();
        let source = serde_json::json!({
            "version": 1, "slug": slug, "title": "A test", "lane": "B",
            "params": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
            "steps": [{"id": "say", "kind": "shell", "with": {"script": "echo \"$NAME\"", "env": {"NAME": "{{ params.name }}"}}}],
        });
        let mut tx = services.begin(&by).await.unwrap();
        runs::template::save(&mut tx, &by, &source.to_string()).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// The settings of a test, without a database.
pub(crate) fn config(data_dir: &tempfile::TempDir) -> Config {
    Config {
        database_url: None,
        listen: "127.0.0.1:0".parse().unwrap(),
        is_listen_chosen: true,
        public_url: None,
        data_dir: data_dir.path().to_owned(),
        artifacts: StoreSettings::directory(&data_dir.path().join("artifacts")),
        secret_key: None,
        secret_key_file: data_dir.path().join("secret.key"),
        log: "info".to_owned(),
        log_format: LogFormat::Pretty,
        shared_secret: Some(SECRET.to_owned()),
        site_root: data_dir.path().join("site"),
        network: NetworkPolicy::default(),
    }
}

/// Status and JSON of an answer.
pub(crate) async fn answer(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}
