//! What every endpoint may refuse, said once: nobody called, too little right, a body that cannot be read.

use crate::http::permissions::{Access, access};
use utoipa::openapi::{
    Content, OpenApi, Ref, RefOr, Response, ResponseBuilder,
    path::{Operation, PathItem},
};

const PROBLEM: &str = "application/problem+json";

/// Adds the refusals of the gate and of reading a request, and says of each that it is a problem.
pub(super) fn describe(api: &mut OpenApi) {
    for (path, item) in &mut api.paths.paths {
        for (method, operation) in operations(item) {
            for (status, text) in common(method, path, operation) {
                let responses = &mut operation.responses.responses;
                responses
                    .entry(status.to_owned())
                    .or_insert_with(|| problem(text).into());
            }
            for (status, response) in &mut operation.responses.responses {
                if let RefOr::T(response) = response
                    && (status.starts_with('4') || status.starts_with('5'))
                    && let Some(content) = response.content.shift_remove("application/json")
                {
                    response.content.insert(PROBLEM.to_owned(), content);
                }
            }
        }
    }
}

/// The operations of a path, with their methods.
pub(super) fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    [
        ("get", &mut item.get),
        ("post", &mut item.post),
        ("put", &mut item.put),
        ("patch", &mut item.patch),
        ("delete", &mut item.delete),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

fn common(method: &str, path: &str, operation: &Operation) -> Vec<(&'static str, &'static str)> {
    let mut found = Vec::new();
    if !matches!(access(&method.to_uppercase(), path), Access::Open | Access::Address) {
        found.push(("401", "Nobody said who calls, or the credential is not good."));
        found.push(("403", "The caller's role, or the limits of its token, do not allow it."));
    }
    if method != "get" {
        found.push(("429", "Too many writes of one caller; Retry-After says when to go on."));
    }
    if operation.request_body.is_some() {
        found.push(("400", "The body is not JSON."));
        found.push(("413", "The body is too large."));
        found.push(("415", "The body does not say that it is JSON."));
    }
    if path.contains('{') {
        found.push(("404", "There is no such thing that the caller may see."));
    }
    if path.contains('{') || operation.request_body.is_some() || operation.parameters.is_some() {
        found.push(("422", "A value does not fit; `field` says which."));
    }
    if path != "/healthz" {
        found.push(("503", "The database does not answer right now."));
    }
    found
}

fn problem(text: &str) -> Response {
    let schema = RefOr::Ref(Ref::from_schema_name("Problem"));
    ResponseBuilder::new()
        .description(text)
        .content(PROBLEM, Content::new(Some(schema)))
        .build()
}
