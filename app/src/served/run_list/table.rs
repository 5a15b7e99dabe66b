//! The runs, one row each.

use super::{Asked, cells};
use crate::components::Icon;
use crate::served::{Ask, parts::ago};
use crate::state::RunState;
use crate::views::RunView;
use db::reads::RunRow;
use domain::{Permission, filter::Column};
use leptos::prelude::*;

/// How a list shows its runs.
pub(super) struct Look {
    /// Columns beside the first, which holds the id, too.
    columns: Vec<Column>,
    has_id: bool,
    /// On a phone the usual columns fold into one line below the title; chosen ones stay, and the table scrolls.
    folds: bool,
    now: i64,
    may_mark: bool,
}

impl Look {
    /// As the address asks, for whoever asks.
    pub(super) fn of(ask: &Ask, asked: &Asked) -> Self {
        let columns = asked.columns();
        Self {
            columns: columns.iter().copied().filter(|column| *column != Column::Id).collect(),
            has_id: columns.contains(&Column::Id),
            folds: asked.filter.cols.is_empty(),
            now: ask.now(),
            may_mark: ask.may(Permission::ManageOwnRuns),
        }
    }
}

/// The table.
pub(super) fn table(look: &Look, runs: &[RunRow]) -> AnyView {
    let headings = look
        .columns
        .iter()
        .map(|column| {
            let class = cells::is_number(*column).then_some("r");
            html! { <th scope="col" class=class>{column.title()}</th> }
        })
        .collect_view();
    let mark_all = look.may_mark.then(|| {
        html! {
            <td class="mark">
                <label class="needs-script">
                    <input type="checkbox" data-mark-all="" aria-label="Mark all runs in view" />
                </label>
            </td>
        }
    });
    html! {
        <div class="card table-frame" role="region" aria-label="Runs" tabindex="0">
            <table class=if look.folds { "runs folds" } else { "runs" }>
                <thead>
                    <tr>{mark_all} <th scope="col">"Run"</th> {headings}</tr>
                </thead>
                <tbody>{rows(look, runs)}</tbody>
            </table>
        </div>
    }
}

/// The rows alone.
pub(super) fn rows(look: &Look, runs: &[RunRow]) -> Vec<AnyView> {
    runs.iter().map(|run| row(look, run)).collect()
}

fn row(look: &Look, run: &RunRow) -> AnyView {
    let title = run.title.clone();
    let mark = look.may_mark.then(|| {
        html! {
            <td class="mark">
                <label>
                    <input type="checkbox" name="run" value=run.run_id.clone() form="marked" aria-label=format!("Mark {title}") />
                </label>
            </td>
        }
    });
    let cells = look
        .columns
        .iter()
        .map(|column| {
            let mut class = format!("of-{}", column.as_str());
            if cells::is_live(*column) {
                class.push_str(" live");
            }
            if cells::is_number(*column) {
                class.push_str(" r");
            }
            html! { <td class=class>{cells::content(*column, run, look.now)}</td> }
        })
        .collect_view();
    html! {
        <tr class="run-row" data-run=run.run_id.clone() data-version=run.version.to_string()>
            {mark}
            <th scope="row">
                <a class="row-link cut" href=format!("/runs/{}", run.run_id) title=title.clone()>{title.clone()}</a>
                {look.has_id.then(|| html! { <code>{run.run_id.clone()}</code> })}
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
