//! The page about all tabs, made from their header maps.

use super::{Column, Layout, Owner, Tab, WorkbookRole};
use std::fmt::Write as _;

const HEAD: &str = "# Tabs and their columns

<!-- Made from the header maps in crates/sheets/src/tabs: change them, not this page. -->

Every workbook that Runboard works with, tab by tab. **You** fill in the columns marked *you*; Runboard fills in the
others and leaves everything else alone: columns you add yourself are yours, wherever they stand.

- Columns are found by their header. Move them as you like; capitals, spaces, `_` and `-` do not matter.
- Rows are found by their key. Sort, filter and insert as you like.
- *needed* means that nothing can be done without the column. **Restore help** brings back what is missing.
";

/// The page, in Markdown.
pub fn document() -> String {
    let mut page = HEAD.to_owned();
    for role in WorkbookRole::ALL {
        let _ = write!(page, "\n## {}\n", role.title());
        let own = role.tabs().iter().filter(|tab| tab.name != super::RUN_LOG.name);
        for tab in own {
            describe(&mut page, tab);
        }
    }
    page.push_str("\n## In every workbook\n");
    describe(&mut page, &super::RUN_LOG);
    page
}

fn describe(page: &mut String, tab: &Tab) {
    let _ = write!(page, "\n### {}\n\n{}", tab.name, tab.purpose);
    if !tab.aliases.is_empty() {
        let _ = write!(page, " Also found as {}.", tab.aliases.join(", "));
    }
    let rows = match tab.layout {
        Layout::Plain => "Headers in row 1, data from row 2.",
        Layout::Explained => "Headers in row 1, data from row 5; the rows between explain the columns.",
    };
    let _ = write!(
        page,
        "\n{rows}\n\n| column | who | what | help |\n| --- | --- | --- | --- |\n"
    );
    for column in tab.columns {
        line(page, column);
    }
}

fn line(page: &mut String, column: &Column) {
    let who = match (column.owner, column.required) {
        (Owner::Pm, true) => "you, needed",
        (Owner::Pm, false) => "you",
        (Owner::System, true) => "Runboard, needed",
        (Owner::System, false) => "Runboard",
    };
    let aliases = if column.aliases.is_empty() {
        String::new()
    } else {
        format!(" Also found as {}.", column.aliases.join(", "))
    };
    let help = format!("{}{aliases}", column.help).replace('|', "\\|");
    let _ = writeln!(
        page,
        "| `{}` | {who} | {} | {help} |",
        column.header,
        column.kind_in_words()
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/pm/TABS.md");

    #[test]
    fn the_page_for_product_managers_says_what_the_header_maps_say() {
        let made = document();
        if std::env::var_os("INSTA_UPDATE").is_some_and(|wish| wish == "always") {
            std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/pm")).unwrap();
            std::fs::write(PAGE, &made).unwrap();
        }
        let stands = std::fs::read_to_string(PAGE).unwrap_or_default();
        assert!(
            made == stands,
            "docs/pm/TABS.md is not what the header maps say: run this test with INSTA_UPDATE=always"
        );
    }
}
