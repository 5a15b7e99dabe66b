//! A changed API shows in review.

#[test]
fn the_description_of_the_api_is_what_was_reviewed() {
    insta::assert_snapshot!("openapi", server::http::openapi::document());
}
