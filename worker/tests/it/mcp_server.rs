//! A real MCP server, built with the official SDK, over standard streams and over HTTP.

use axum::Router;
use rmcp::{
    ErrorData, RoleServer, ServerHandler, ServiceExt,
    model::{
        CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ListToolsResult, PaginatedRequestParams,
        ProgressNotificationParam, ServerCapabilities, ServerConfig, Tool,
    },
    service::RequestContext,
    transport::streamable_http_server::{
        StreamableHttpServerConfig, StreamableHttpService, session::local::LocalSessionManager,
    },
};
use serde_json::{Map, Value, json};
use std::{net::SocketAddr, path::PathBuf, sync::Arc};
use tokio::net::TcpListener;

/// The variable that turns this test program into a server.
const ASKED: &str = "MCP_TEST_SERVER";

/// `server` of a step that starts this program as a server. Its standard output is what libtest prints
/// on, so messages leave through another descriptor.
pub(crate) fn command() -> Value {
    let program = std::env::current_exe().unwrap();
    let script = "exec \"$0\" --exact mcp_server::this_program_serves_when_it_is_asked_to --nocapture 3>&1 >/dev/null";
    json!({"command": "sh", "args": ["-c", script, program], "env": {ASKED: "1", "GREETING": "hello {{ params.who }}"}})
}

/// A server on a free port of this machine.
pub(crate) async fn serve_http(files: PathBuf) -> SocketAddr {
    let service = StreamableHttpService::new(
        move || Ok(Server { files: files.clone() }),
        Arc::new(LocalSessionManager::default()),
        StreamableHttpServerConfig::default(),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().nest_service("/mcp", service);
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

#[tokio::test]
async fn this_program_serves_when_it_is_asked_to() {
    if std::env::var_os(ASKED).is_none() {
        return;
    }
    let out = std::fs::OpenOptions::new().write(true).open("/proc/self/fd/3").unwrap();
    let server = Server {
        files: PathBuf::from(std::env::var_os("FILES").unwrap_or_default()),
    };
    eprintln!("the server listens");
    let running = server
        .serve((tokio::io::stdin(), tokio::fs::File::from_std(out)))
        .await
        .unwrap();
    running.waiting().await.unwrap();
}

/// The server: a handful of tools.
struct Server {
    /// Where it notes what happened to it.
    files: PathBuf,
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let schema = Map::from_iter([("type".to_owned(), json!("object"))]);
        let tools = [
            "add",
            "echo",
            "environment",
            "draw",
            "count",
            "sleep",
            "fail",
            "refuse",
            "die",
        ];
        let tools = tools.map(|name| Tool::new(name, "A tool of the tests.", schema.clone()));
        Ok(ListToolsResult::with_all_items(tools.to_vec()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let arguments = Value::Object(request.arguments.unwrap_or_default());
        let text = |text: String| CallToolResult::success(vec![ContentBlock::text(text)]);
        let result = match request.name.as_ref() {
            "add" => {
                let sum = arguments["a"].as_i64().unwrap() + arguments["b"].as_i64().unwrap();
                let key = context.meta.get("runboard/idempotency_key").cloned();
                CallToolResult::structured(json!({"sum": sum, "key": key}))
            }
            "echo" => text(arguments["text"].as_str().unwrap().to_owned()),
            "environment" => {
                let mut names: Vec<String> = std::env::vars().map(|(name, _)| name).collect();
                names.sort();
                CallToolResult::structured(json!({"names": names, "greeting": std::env::var("GREETING").ok()}))
            }
            "draw" => CallToolResult::success(vec![
                ContentBlock::text("a picture"),
                ContentBlock::image("iVBORw0KGgo=", "image/png"),
                ContentBlock::embedded_text("note:///today/note.md", "# Today"),
            ]),
            "count" => {
                let token = context.meta.get_progress_token().unwrap();
                for number in 1..=3_u8 {
                    let told = ProgressNotificationParam::new(token.clone(), number.into())
                        .with_total(3.0)
                        .with_message(format!("part {number}"));
                    context.peer.notify_progress(told).await.unwrap();
                }
                text("counted".to_owned())
            }
            "sleep" => {
                std::fs::write(self.files.join("sleeping"), format!("{}\n", std::process::id())).unwrap();
                context.ct.cancelled().await;
                std::fs::write(self.files.join("cancelled"), "yes\n").unwrap();
                text("woken".to_owned())
            }
            "fail" => CallToolResult::error(vec![ContentBlock::text("no such city")]),
            "refuse" => return Err(ErrorData::invalid_params("city is missing", None)),
            "die" => {
                eprintln!("out of luck");
                std::process::exit(3);
            }
            other => return Err(ErrorData::invalid_params(format!("unknown tool {other}"), None)),
        };
        Ok(result.into())
    }
}
