//! What can be done with the whole list: choose its columns, take it away as a file.

use super::Asked;
use crate::components::Icon;
use domain::filter::{Column, Filter};
use leptos::prelude::*;

/// Formats of a file: word in the address, and what it is for.
const FORMATS: [(&str, &str); 3] = [
    ("xlsx", "Workbook (XLSX)"),
    ("csv", "Comma-separated (CSV)"),
    ("json", "JSON, for programs"),
];

/// The buttons above the list.
pub(super) fn tools(asked: &Asked) -> AnyView {
    html! { {columns(asked)} {export(asked)} <a class="btn sm quiet" href="/bulk">"Bulk operations"</a> }
}

fn columns(asked: &Asked) -> AnyView {
    let kept = Filter {
        cols: Vec::new(),
        ..asked.filter.clone()
    };
    let kept = kept
        .pairs()
        .into_iter()
        .map(|(key, value)| html! { <input type="hidden" name=key value=value /> })
        .collect_view();
    let boxes = Column::ALL
        .iter()
        .map(|column| {
            let is_shown = asked.columns().contains(column);
            html! {
                <label class="check">
                    <input type="checkbox" name="cols" value=column.as_str() checked=is_shown />
                    {column.title()}
                </label>
            }
        })
        .collect_view();
    html! {
        <button type="button" class="btn sm" id="columns-open" popovertarget="columns">"Columns"</button>
        <div popover="auto" id="columns" class="dialog ask" role="dialog" aria-label="Columns">
            <form method="get" action="/runs">
                {kept}
                <fieldset class="check-grid">
                    <legend class="strong">"Columns"</legend>
                    {boxes}
                </fieldset>
                <button class="btn primary">"Show these"</button>
            </form>
        </div>
    }
}

fn export(asked: &Asked) -> AnyView {
    let links = FORMATS
        .into_iter()
        .map(|(format, title)| {
            html! {
                <li>
                    <a class="btn quiet" href=asked.export_address(format) rel="external" download="">
                        <Icon name="download" />
                        {title}
                    </a>
                </li>
            }
        })
        .collect_view();
    html! {
        <button type="button" class="btn sm" id="export-open" popovertarget="export">"Export"</button>
        <div popover="auto" id="export" class="dialog ask" role="dialog" aria-label="Export">
            <p class="strong">"Every run that fits, as a file"</p>
            <ul>{links}</ul>
        </div>
    }
}
