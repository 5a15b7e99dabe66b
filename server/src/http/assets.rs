//! Files for browsers: the bundle, styles, icons, schemas.

use axum::{
    Router, extract::Request, handler::HandlerWithoutStateExt, middleware, middleware::Next, response::Response,
};
use http::{HeaderValue, StatusCode, header};
use std::path::Path;
use tower_http::services::ServeDir;

/// Serves what lies in `site_root`; what is not there goes on to `otherwise`.
pub(crate) fn router<S, F>(site_root: &Path, otherwise: F) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    F: tower::Service<Request, Response = Response, Error = std::convert::Infallible> + Clone + Send + Sync + 'static,
    F::Future: Send + 'static,
{
    let missing = (|| async { StatusCode::NOT_FOUND }).into_service();
    let bundle = ServeDir::new(site_root.join("pkg"))
        .precompressed_br()
        .precompressed_gzip()
        .fallback(missing);
    let rest = ServeDir::new(site_root)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip()
        .call_fallback_on_method_not_allowed(true)
        .fallback(otherwise);
    Router::new()
        .nest_service("/pkg", bundle)
        .fallback_service(rest)
        .layer(middleware::from_fn(caching))
}

/// A name that holds a hash of its content never changes its content.
async fn caching(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let value = match path.strip_prefix("/pkg/").or_else(|| path.strip_prefix('/')) {
        Some(name) if path.starts_with("/pkg/") && is_hashed(name) => "public, max-age=31536000, immutable",
        _ => "public, max-age=300",
    };
    let mut response = next.run(request).await;
    let is_file = response.status().is_success() && response.headers().contains_key(header::LAST_MODIFIED);
    if is_file || response.status() == StatusCode::NOT_MODIFIED {
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static(value));
    }
    response
}

/// `name.HASH.ext`, the hash in base64url.
fn is_hashed(name: &str) -> bool {
    let mut parts = name.rsplit('.').skip(1);
    let Some(hash) = parts.next() else { return false };
    parts.next().is_some()
        && hash.len() >= 16
        && hash
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::is_hashed;

    #[test]
    fn only_hashed_names_are_kept_for_ever() {
        assert!(is_hashed("runboard.GhK2-xY_0aQpLmNoPqRsTu.js"));
        assert!(!is_hashed("runboard.js"));
        assert!(!is_hashed("runboard.min.js"));
        assert!(!is_hashed("runboard"));
    }
}
