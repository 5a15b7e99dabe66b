//! What is wrong with a text: in a list, at its lines, at the fields of the form.

use leptos::prelude::*;
use runs::template::Finding;

/// The list; each entry leads to its line.
pub(super) fn list(source: &str, findings: &[Finding]) -> AnyView {
    let entries = findings
        .iter()
        .map(|finding| {
            let line = finding.line.unwrap_or(1);
            let place = match (finding.line, finding.column) {
                (Some(line), Some(column)) => format!("Line {line}, column {column}"),
                (Some(line), None) => format!("Line {line}"),
                _ => "The text".to_owned(),
            };
            let at = offset(source, line, finding.column.unwrap_or(1)).to_string();
            let path = (!finding.path.is_empty()).then(|| html! { " " <code>{finding.path.clone()}</code> });
            html! {
                <li>
                    <a href=format!("#line-{line}") data-at=at>{place}</a>
                    {path}
                    <p>{finding.message.clone()}</p>
                </li>
            }
        })
        .collect_view();
    let said = match findings.len() {
        0 => "Nothing is wrong with it.".to_owned(),
        1 => "One thing is wrong with it.".to_owned(),
        count => format!("{count} things are wrong with it."),
    };
    let tone = if findings.is_empty() { "said good" } else { "said" };
    html! {
        <p class=tone role="status">{said}</p>
        <ul class="findings">{entries}</ul>
    }
}

/// Marks beside the lines.
pub(super) fn marks(findings: &[Finding]) -> AnyView {
    let mut lines: Vec<u64> = findings.iter().filter_map(|finding| finding.line).collect();
    lines.sort_unstable();
    lines.dedup();
    lines
        .into_iter()
        .map(|line| {
            let messages = findings.iter().filter(|finding| finding.line == Some(line));
            let words: Vec<&str> = messages.map(|finding| finding.message.as_str()).collect();
            html! { <i class="mark" id=format!("line-{line}") style=format!("--line: {line}") title=words.join("\n")></i> }
        })
        .collect_view()
        .into_any()
}

/// `steps[1].with.url` → `/steps/1/with/url`.
pub(super) fn pointer(path: &str) -> String {
    let path = path.replace(['[', '.'], "/").replace(']', "");
    if path.is_empty() { path } else { format!("/{path}") }
}

/// How far a place is from the begin, as browsers count.
fn offset(source: &str, line: u64, column: u64) -> usize {
    let before = usize::try_from(line).unwrap_or(1).saturating_sub(1);
    let lines: usize = source
        .split('\n')
        .take(before)
        .map(|text| text.encode_utf16().count() + 1)
        .sum();
    let own = source.split('\n').nth(before).unwrap_or_default();
    let column = usize::try_from(column).unwrap_or(1).saturating_sub(1);
    lines + own.chars().take(column).map(char::len_utf16).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_counted_as_browsers_count() {
        assert_eq!(offset("ab\n😀c: 1\n", 2, 2), 5);
        assert_eq!(offset("ab\n", 9, 9), 4);
    }

    #[test]
    fn a_path_is_a_pointer_too() {
        assert_eq!(pointer("steps[1].with.url"), "/steps/1/with/url");
        assert_eq!(pointer(""), "");
    }
}
