//! Rules of an mcp step.

use super::with::{Find, need_text};
use serde_json::{Map, Value};

pub(super) fn check(with: &Map<String, Value>, find: &mut Find<'_>) {
    match with.get("server").and_then(Value::as_object) {
        None => {
            let message = "An mcp step needs a server: {command, args, env} or {url, headers}.";
            find("with.server", message.to_owned());
        }
        Some(server) => check_server(server, find),
    }
    need_text(with, "tool", "An mcp step needs the name of a tool.", find);
}

fn check_server(server: &Map<String, Value>, find: &mut Find<'_>) {
    let (command, url) = (server.contains_key("command"), server.contains_key("url"));
    if command == url {
        let message = "A server is either a command that is started or a url that is reached.";
        find("with.server", message.to_owned());
        return;
    }
    let (foreign, own): (&[&str], _) = if command {
        (&["headers"], "command")
    } else {
        (&["args", "env"], "url")
    };
    for key in foreign.iter().filter(|key| server.contains_key(**key)) {
        find(
            &format!("with.server.{key}"),
            format!("A server with a {own} has no {key}."),
        );
    }
}
