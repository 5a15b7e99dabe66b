//! Whether a page of ours made the browser send a request (protection against CSRF).

use crate::error::ApiError;
use axum::extract::Request;
use http::{HeaderMap, StatusCode, header};
use url::Url;

/// Refuses a request that another site, or nobody knows who, made a browser send.
pub(crate) fn check(request: &Request, public_url: &str) -> Result<(), ApiError> {
    if is_ours(request.headers(), public_url) {
        return Ok(());
    }
    Err(ApiError::new(
        StatusCode::FORBIDDEN,
        "cross_site",
        "This request did not come from a page of this server.",
    )
    .hint("Open the page here and try again; programs use a token instead of a cookie."))
}

/// Browsers say where a request comes from in `Sec-Fetch-Site` (on https and on localhost) and in
/// `Origin` (always, when it is not a plain read). A request that says neither is refused.
fn is_ours(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    let Some(origin) = text("origin").and_then(|origin| Url::parse(origin).ok()) else {
        return false;
    };
    let is_public = Url::parse(public_url).is_ok_and(|public| public.origin() == origin.origin());
    is_public || text(header::HOST.as_str()).is_some_and(|host| host == origin.authority())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(headers: &[(&'static str, &'static str)]) -> bool {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        is_ours(&headers, "https://runboard.example.com")
    }

    #[test]
    fn a_page_of_ours_is_believed() {
        assert!(with(&[("sec-fetch-site", "same-origin")]));
        assert!(with(&[("origin", "https://runboard.example.com")]));
        assert!(with(&[("origin", "http://127.0.0.1:7411"), ("host", "127.0.0.1:7411")]));
    }

    #[test]
    fn other_sites_and_silence_are_not() {
        assert!(!with(&[
            ("sec-fetch-site", "same-site"),
            ("origin", "https://runboard.example.com")
        ]));
        assert!(!with(&[("origin", "https://evil.example"), ("host", "127.0.0.1:7411")]));
        assert!(!with(&[("origin", "null"), ("host", "127.0.0.1:7411")]));
        assert!(!with(&[("host", "127.0.0.1:7411")]));
    }
}
