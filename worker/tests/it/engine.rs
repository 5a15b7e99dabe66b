//! A Docker engine for tests: it speaks the wire protocol of the Engine API on a unix socket, and its
//! containers are processes of this machine in directories of their own.

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use futures::{StreamExt, stream};
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    net::UnixListener,
    process::Command,
    sync::watch,
};

/// The engine.
pub(crate) struct FakeEngine {
    pub(crate) address: String,
    inner: Arc<Inner>,
    _files: tempfile::TempDir,
}

#[derive(Default)]
struct Inner {
    directory: PathBuf,
    images: Mutex<BTreeSet<String>>,
    containers: Mutex<BTreeMap<String, Arc<Container>>>,
    /// Method and path of what was asked, and the bodies of what was created.
    asked: Mutex<Vec<String>>,
    bodies: Mutex<Vec<Value>>,
}

struct Container {
    body: Value,
    directory: PathBuf,
    group: Mutex<Option<Pid>>,
    log: watch::Sender<Vec<u8>>,
    exit: watch::Sender<Option<i64>>,
}

impl FakeEngine {
    /// An engine that has `images`.
    pub(crate) fn start(images: &[&str]) -> Self {
        let files = tempfile::tempdir().unwrap();
        let socket = files.path().join("docker.sock");
        let inner = Arc::new(Inner {
            directory: files.path().join("containers"),
            images: Mutex::new(images.iter().map(ToString::to_string).collect()),
            ..Inner::default()
        });
        let listener = UnixListener::bind(&socket).unwrap();
        let router = Router::new().fallback(answer).with_state(Arc::clone(&inner));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            address: format!("unix://{}", socket.display()),
            inner,
            _files: files,
        }
    }

    /// How many containers there are, running or not.
    pub(crate) fn count(&self) -> usize {
        self.inner.containers.lock().unwrap().len()
    }

    /// What was asked, such as `POST /containers/c1/kill?signal=SIGTERM`.
    pub(crate) fn asked(&self, part: &str) -> Vec<String> {
        let asked = self.inner.asked.lock().unwrap();
        asked.iter().filter(|line| line.contains(part)).cloned().collect()
    }

    /// The body with which the last container was created.
    pub(crate) fn last_body(&self) -> Value {
        self.inner.bodies.lock().unwrap().last().cloned().unwrap_or_default()
    }

    /// Leaves a container with these labels, as a worker that was killed would.
    pub(crate) fn leave(&self, id: &str, labels: &Value) {
        let container = self.inner.container(id, json!({"Labels": labels}));
        self.inner.containers.lock().unwrap().insert(id.to_owned(), container);
    }

    /// Ids of all containers.
    pub(crate) fn ids(&self) -> Vec<String> {
        self.inner.containers.lock().unwrap().keys().cloned().collect()
    }
}

impl Drop for FakeEngine {
    fn drop(&mut self) {
        for container in self.inner.containers.lock().unwrap().values() {
            container.signal(Signal::KILL);
        }
    }
}

impl Inner {
    fn container(&self, id: &str, body: Value) -> Arc<Container> {
        let directory = self.directory.join(id);
        std::fs::create_dir_all(&directory).unwrap();
        Arc::new(Container {
            body,
            directory,
            group: Mutex::default(),
            log: watch::Sender::default(),
            exit: watch::Sender::default(),
        })
    }

    fn find(&self, id: &str) -> Option<Arc<Container>> {
        self.containers.lock().unwrap().get(id).cloned()
    }
}

impl Container {
    fn signal(&self, signal: Signal) {
        if let Some(group) = *self.group.lock().unwrap() {
            let _ = kill_process_group(group, signal);
        }
    }

    /// Starts the process; paths of the container become paths in its directory.
    fn start(self: &Arc<Self>) -> Result<(), String> {
        let words = |key: &str| -> Vec<String> {
            let words = self.body[key].as_array().cloned().unwrap_or_default();
            words.iter().map(|word| self.inside(word.as_str().unwrap())).collect()
        };
        let mut words = [words("Entrypoint"), words("Cmd")].concat();
        if words.is_empty() {
            words = vec!["true".to_owned()];
        }
        let environment = self.body["Env"].as_array().cloned().unwrap_or_default();
        let environment = environment.iter().filter_map(|entry| {
            let (name, value) = entry.as_str()?.split_once('=')?;
            Some((name.to_owned(), self.inside(value)))
        });
        let mut child = Command::new(&words[0])
            .args(&words[1..])
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .envs(environment)
            .current_dir(&self.directory)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .map_err(|error| format!("exec: \"{}\": {error}", words[0]))?;
        let pid = Pid::from_raw(child.id().unwrap().cast_signed());
        *self.group.lock().unwrap() = pid;
        let out = self.clone().keep(1, child.stdout.take().unwrap());
        let err = self.clone().keep(2, child.stderr.take().unwrap());
        let container = Arc::clone(self);
        tokio::spawn(async move {
            let (status, (), ()) = tokio::join!(child.wait(), out, err);
            let status = status.unwrap();
            let code = status.code().or(status.signal().map(|signal| 128 + signal));
            container.exit.send_replace(code.map(i64::from));
        });
        Ok(())
    }

    fn inside(&self, word: &str) -> String {
        let is_ours = word.starts_with("/artifacts") || word.starts_with("/.runboard");
        if is_ours {
            format!("{}{word}", self.directory.display())
        } else {
            word.to_owned()
        }
    }

    /// Keeps output in frames: stream, three zeros, length, bytes.
    async fn keep(self: Arc<Self>, stream: u8, mut source: impl AsyncRead + Unpin) {
        let mut buffer = vec![0; 4096];
        while let Ok(count @ 1..) = source.read(&mut buffer).await {
            self.log.send_modify(|log| {
                log.extend_from_slice(&[stream, 0, 0, 0]);
                log.extend_from_slice(&u32::try_from(count).unwrap().to_be_bytes());
                log.extend_from_slice(&buffer[..count]);
            });
        }
    }

    /// The log from its beginning until the container has ended.
    fn follow(self: &Arc<Self>) -> Body {
        let state = (Arc::clone(self), self.log.subscribe(), self.exit.subscribe(), 0);
        Body::from_stream(stream::unfold(
            state,
            |(container, mut log, mut exit, from)| async move {
                loop {
                    let part = Bytes::copy_from_slice(&log.borrow_and_update()[from..]);
                    if !part.is_empty() {
                        let to = from + part.len();
                        return Some((Ok::<_, std::convert::Infallible>(part), (container, log, exit, to)));
                    }
                    if exit.borrow().is_some() {
                        return None;
                    }
                    tokio::select! { _ = log.changed() => {}, _ = exit.changed() => {} }
                }
            },
        ))
    }

    fn wait(self: &Arc<Self>) -> Body {
        let mut exit = self.exit.subscribe();
        Body::from_stream(
            stream::once(async move {
                let code = *exit.wait_for(Option::is_some).await.unwrap();
                Ok::<_, std::convert::Infallible>(Bytes::from(json!({"StatusCode": code}).to_string()))
            })
            .boxed(),
        )
    }
}

fn no(status: StatusCode, message: &str) -> Response {
    (status, axum::Json(json!({"message": message}))).into_response()
}

async fn answer(State(engine): State<Arc<Inner>>, method: Method, uri: Uri, body: Bytes) -> Response {
    let path = uri.path().trim_start_matches('/');
    // Behind the version that was agreed on.
    let path = match path.split_once('/') {
        Some((version, rest)) if version.starts_with("v1.") => rest,
        _ => path,
    };
    let query: HashMap<String, String> = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        .into_owned()
        .collect();
    let said = uri.query().map_or_else(String::new, |query| format!("?{query}"));
    engine.asked.lock().unwrap().push(format!("{method} /{path}{said}"));
    let json_of = |value: Value| axum::Json(value).into_response();
    let parts: Vec<&str> = path.split('/').collect();
    match (method.as_str(), parts.as_slice()) {
        ("GET", ["version"]) => json_of(json!({"Version": "28.2.2", "ApiVersion": "1.50", "MinAPIVersion": "1.24"})),
        ("GET", ["images", .., "json"]) => {
            let name = parts[1..parts.len() - 1].join("/");
            if engine.images.lock().unwrap().contains(&name) {
                json_of(json!({"Id": "sha256:00"}))
            } else {
                no(StatusCode::NOT_FOUND, &format!("No such image: {name}"))
            }
        }
        ("POST", ["images", "create"]) => pull(&engine, &query),
        ("GET", ["containers", "json"]) => list(&engine, &query),
        ("POST", ["containers", "create"]) => create(&engine, &body),
        (_, ["containers", id, rest @ ..]) => match engine.find(id) {
            None => no(StatusCode::NOT_FOUND, &format!("No such container: {id}")),
            Some(container) => one(&engine, &container, (method.as_str(), id, rest), &query, &body),
        },
        _ => no(StatusCode::NOT_FOUND, "page not found"),
    }
}

fn pull(engine: &Inner, query: &HashMap<String, String>) -> Response {
    let image = &query["fromImage"];
    if image.contains("missing") {
        let message = format!("pull access denied for {image}, repository does not exist");
        return no(StatusCode::NOT_FOUND, &message);
    }
    let mut news = vec![
        json!({"status": format!("Pulling from {image}"), "id": query.get("tag")}),
        json!({"status": "Downloading", "progressDetail": {"current": 1, "total": 9}, "progress": "[=>]", "id": "a1"}),
        json!({"status": "Pull complete", "progressDetail": {}, "id": "a1"}),
    ];
    if image.contains("broken") {
        news.push(json!({"errorDetail": {"message": "unexpected EOF"}, "error": "unexpected EOF"}));
    } else {
        engine.images.lock().unwrap().insert(image.clone());
    }
    let lines: String = news
        .iter()
        .flat_map(|line| [line.to_string(), "\r\n".to_owned()])
        .collect();
    lines.into_response()
}

fn list(engine: &Inner, query: &HashMap<String, String>) -> Response {
    let filters: Value = serde_json::from_str(&query["filters"]).unwrap();
    let wanted: Vec<&str> = filters["label"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let containers = engine.containers.lock().unwrap();
    let found = containers.iter().filter(|(_, container)| {
        wanted.iter().all(|label| {
            let (name, value) = label.split_once('=').unwrap();
            container.body["Labels"][name] == value
        })
    });
    let found: Vec<Value> = found
        .map(|(id, container)| json!({"Id": id, "Labels": container.body["Labels"]}))
        .collect();
    axum::Json(found).into_response()
}

fn create(engine: &Inner, body: &[u8]) -> Response {
    let body: Value = serde_json::from_slice(body).unwrap();
    let image = body["Image"].as_str().unwrap();
    if !engine.images.lock().unwrap().contains(image) {
        return no(StatusCode::NOT_FOUND, &format!("No such image: {image}"));
    }
    let mut bodies = engine.bodies.lock().unwrap();
    bodies.push(body.clone());
    let id = format!("c{}", bodies.len());
    let container = engine.container(&id, body);
    engine.containers.lock().unwrap().insert(id.clone(), container);
    (StatusCode::CREATED, axum::Json(json!({"Id": id, "Warnings": []}))).into_response()
}

fn one(
    engine: &Inner,
    container: &Arc<Container>,
    (method, id, rest): (&str, &str, &[&str]),
    query: &HashMap<String, String>,
    body: &Bytes,
) -> Response {
    let running = container.group.lock().unwrap().is_some() && container.exit.borrow().is_none();
    match (method, rest) {
        ("PUT", ["archive"]) => {
            tar::Archive::new(body.as_ref()).unpack(&container.directory).unwrap();
            StatusCode::OK.into_response()
        }
        ("GET", ["archive"]) => archive(&container.directory, &query["path"]),
        ("POST", ["start"]) => match container.start() {
            Ok(()) => StatusCode::NO_CONTENT.into_response(),
            Err(message) => no(StatusCode::BAD_REQUEST, &message),
        },
        ("GET", ["logs"]) => container.follow().into_response(),
        ("POST", ["wait"]) => container.wait().into_response(),
        ("POST", ["kill"]) if !running => no(StatusCode::CONFLICT, "container is not running"),
        ("POST", ["kill"]) => {
            container.signal(if query["signal"] == "SIGKILL" {
                Signal::KILL
            } else {
                Signal::TERM
            });
            StatusCode::NO_CONTENT.into_response()
        }
        ("GET", ["json"]) => {
            let limited = container.body["HostConfig"]["Memory"].is_i64();
            let state = json!({"OOMKilled": limited, "ExitCode": *container.exit.borrow()});
            axum::Json(json!({"Id": id, "State": state})).into_response()
        }
        ("DELETE", []) => {
            container.signal(Signal::KILL);
            engine.containers.lock().unwrap().remove(id);
            StatusCode::NO_CONTENT.into_response()
        }
        _ => no(StatusCode::NOT_FOUND, "page not found"),
    }
}

fn archive(directory: &Path, path: &str) -> Response {
    let name = path.trim_start_matches('/');
    let mut archive = tar::Builder::new(Vec::new());
    archive.follow_symlinks(false);
    match archive.append_dir_all(name, directory.join(name)) {
        Ok(()) => archive.into_inner().unwrap().into_response(),
        Err(_) => no(StatusCode::NOT_FOUND, "Could not find the file"),
    }
}
