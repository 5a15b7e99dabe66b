//! What administrators change. Only pages that the server draws have these forms, so the bundle knows nothing of them.

mod lanes;
mod secrets;
mod system;
mod tokens;
mod users;

/// An empty field says nothing.
fn filled(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// What stands in a field, one per line or with commas between; `None` when there is nothing.
fn listed(text: &str) -> Option<Vec<String>> {
    let items: Vec<String> = text.split([',', '\n']).filter_map(filled).map(str::to_owned).collect();
    Some(items).filter(|items| !items.is_empty())
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn a_list_may_have_lines_or_commas() {
        assert_eq!(listed("a, b\n\n c\r\n"), Some(vec!["a".into(), "b".into(), "c".into()]));
        assert_eq!(listed(" \n"), None);
    }
}
