//! Where a person goes after logging in.

/// `next` when it is a page of ours, else the board: an address of another site would make the login a
/// trap.
pub fn target(next: Option<&str>) -> &str {
    let is_ours = |next: &&str| {
        next.starts_with('/')
            && !next.starts_with("//")
            && !next.contains(['\\', '\r', '\n', '\t'])
            && !next.starts_with("/login")
            && !next.starts_with("/logout")
    };
    next.filter(is_ours).unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::target;

    #[test]
    fn only_pages_of_ours_are_gone_to() {
        assert_eq!(target(Some("/runs?status=failed")), "/runs?status=failed");
        for elsewhere in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/login?next=/",
            "/\t/evil",
            "",
        ] {
            assert_eq!(target(Some(elsewhere)), "/", "{elsewhere}");
        }
        assert_eq!(target(None), "/");
    }
}
