//! The runs, one row each.

use super::{Asked, cells};
use crate::components::Icon;
use crate::served::parts::ago;
use crate::state::RunState;
use crate::views::RunView;
use db::reads::RunRow;
use domain::filter::Column;
use leptos::prelude::*;

/// The table. `may_select` gives each row a mark.
pub(super) fn table(asked: &Asked, runs: Vec<RunRow>, now: i64, may_select: bool) -> AnyView {
    let columns = shown(asked);
    let headings = columns
        .iter()
        .map(|column| {
            let class = cells::is_number(*column).then_some("r");
            html! { <th scope="col" class=class>{column.title()}</th> }
        })
        .collect_view();
    let mark_all = may_select.then(|| {
        html! {
            <td class="mark">
                <label class="needs-script">
                    <input type="checkbox" data-mark-all="" aria-label="Mark all runs in view" />
                </label>
            </td>
        }
    });
    // On a phone the usual columns fold into one line below the title; chosen ones stay, and the table scrolls.
    let class = if asked.filter.cols.is_empty() {
        "runs folds"
    } else {
        "runs"
    };
    let rows = rows(asked, runs, now, may_select);
    html! {
        <div class="card table-frame" role="region" aria-label="Runs" tabindex="0">
            <table class=class>
                <thead>
                    <tr>{mark_all} <th scope="col">"Run"</th> {headings}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// The rows alone.
pub(super) fn rows(asked: &Asked, runs: Vec<RunRow>, now: i64, may_select: bool) -> Vec<AnyView> {
    let has_id = asked.columns().contains(&Column::Id);
    let columns = shown(asked);
    runs.into_iter()
        .map(|run| row(&run, &columns, has_id, now, may_select))
        .collect()
}

/// Columns beside the first, which holds the id, too.
fn shown(asked: &Asked) -> Vec<Column> {
    asked
        .columns()
        .iter()
        .copied()
        .filter(|column| *column != Column::Id)
        .collect()
}

fn row(run: &RunRow, columns: &[Column], has_id: bool, now: i64, may_select: bool) -> AnyView {
    let title = run.title.clone();
    let mark = may_select.then(|| {
        html! {
            <td class="mark">
                <label>
                    <input type="checkbox" name="run" value=run.run_id.clone() form="marked" aria-label=format!("Mark {title}") />
                </label>
            </td>
        }
    });
    let cells = columns
        .iter()
        .map(|column| {
            let mut class = format!("of-{}", column.as_str());
            if cells::is_live(*column) {
                class.push_str(" live");
            }
            if cells::is_number(*column) {
                class.push_str(" r");
            }
            html! { <td class=class>{cells::content(*column, run, now)}</td> }
        })
        .collect_view();
    html! {
        <tr class="run-row" data-run=run.run_id.clone() data-version=run.version.to_string()>
            {mark}
            <th scope="row">
                <a class="row-link cut" href=format!("/runs/{}", run.run_id) title=title.clone()>{title.clone()}</a>
                {has_id.then(|| html! { <code>{run.run_id.clone()}</code> })}
                <span class="folded note">{"lane "} {run.lane.clone()} {" · "} {ago(run.created_at)}</span>
            </th>
            {cells}
        </tr>
    }
}

/// The state of a run: shape, word and colour.
pub(crate) fn status(run: &RunRow, now: i64) -> AnyView {
    let state = RunState::of(&RunView::from(run.clone()), now);
    html! {
        <span class=format!("pill {}", state.tone())>
            <Icon name=state.icon() />
            {state.word()}
        </span>
    }
}
