//! Names and texts inside SQL that a person will copy.

/// `"a name"`.
pub(super) fn name(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// `a, "B"`: several.
pub(super) fn names(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|each| name(each)).collect();
    names.join(", ")
}

/// An argument of a shell.
pub(super) fn word(text: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "._-/:@%+=,".contains(letter);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_copied_means_what_it_says() {
        assert_eq!(super::name("we\"ird"), "\"we\"\"ird\"");
        assert_eq!(super::word("db.example.com"), "db.example.com");
        assert_eq!(super::word("it's; rm"), r"'it'\''s; rm'");
    }
}
