//! CSV and TSV as a table.

use super::bytes::Content;
use leptos::prelude::*;

/// Rows that are shown.
const ROWS: usize = 500;
/// Columns that are shown.
const COLUMNS: usize = 60;
/// Letters of a cell that are shown.
const LETTERS: usize = 300;

/// The first rows; the first of all is taken for the headings.
pub(super) fn draw(content: &Content, delimiter: u8) -> AnyView {
    let (rows, more) = read(content.text(), delimiter);
    let mut rows = rows.into_iter();
    let headings = rows.next().unwrap_or_default();
    let width = headings.len();
    let head = headings
        .into_iter()
        .map(|cell| {
            if cell.is_empty() {
                html! { <td></td> }
            } else {
                html! { <th scope="col">{cell}</th> }
            }
        })
        .collect_view();
    let rows: Vec<_> = rows.collect();
    let count = rows.len();
    let body = rows
        .into_iter()
        .map(|mut row| {
            row.resize(row.len().max(width), String::new());
            let cells = row.into_iter().map(cell).collect_view();
            html! { <tr>{cells}</tr> }
        })
        .collect_view();
    let words = if more || !content.is_whole {
        format!("The first {count} rows; the download has all of them.")
    } else {
        format!("{count} rows.")
    };
    html! {
        <p class="note">{words}</p>
        <div class="card table-frame sheet" role="region" aria-label="Rows" tabindex="0">
            <table>
                <thead>
                    <tr>{head}</tr>
                </thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
}

fn cell(text: String) -> AnyView {
    let class = text.trim().parse::<f64>().is_ok().then_some("r");
    html! { <td class=class>{text}</td> }
}

/// Rows, and whether there are more.
fn read(text: &str, delimiter: u8) -> (Vec<Vec<String>>, bool) {
    let delimiter = spoken(text, delimiter);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows: Vec<Vec<String>> = reader
        .records()
        .filter_map(Result::ok)
        .take(ROWS + 2)
        .map(|row| row.iter().take(COLUMNS).map(shortened).collect())
        .collect();
    let more = rows.len() > ROWS + 1;
    rows.truncate(ROWS + 1);
    (rows, more)
}

/// Where a comma is written in numbers, a semicolon stands between cells.
fn spoken(text: &str, delimiter: u8) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    if delimiter == b',' && first.matches(';').count() > first.matches(',').count() {
        b';'
    } else {
        delimiter
    }
}

fn shortened(cell: &str) -> String {
    match cell.char_indices().nth(LETTERS) {
        Some((end, _)) => format!("{}…", &cell[..end]),
        None => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_with_commas_and_line_ends_stay_whole() {
        let (rows, more) = read("a,b\n\"1,5\",\"x\ny\"\n", b',');
        assert_eq!(
            (rows, more),
            (
                vec![vec!["a".into(), "b".into()], vec!["1,5".into(), "x\ny".into()]],
                false
            )
        );
    }

    #[test]
    fn a_sheet_of_semicolons_is_read_by_them() {
        assert_eq!(read("a;b\n1,5;2\n", b',').0[1], ["1,5", "2"]);
    }

    #[test]
    fn only_the_first_rows_are_kept() {
        let text = "a\n".repeat(2000);
        let (rows, more) = read(&text, b',');
        assert_eq!((rows.len(), more), (ROWS + 1, true));
    }
}
