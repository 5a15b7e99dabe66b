//! Filters whose runs stand in parts of the ledger that no one look sees at once.
//!
//! What failed and what is stuck, or the runs of two templates, are each found by an index of their own. Such a
//! filter is asked part by part, and the pages are laid over each other.

use super::filter::{BAD, OPEN};
use super::{Cursor, RunFilter, RunPage};

/// More parts than this would cost more than one bounded look at the whole ledger.
const MOST: usize = 4;

/// Filters that together name the runs of `filter`.
pub(super) fn parts(filter: &RunFilter) -> Vec<RunFilter> {
    if filter.parent.is_some() || filter.id_prefix().is_some() {
        return vec![filter.clone()];
    }
    let by_state = by_state(filter);
    let names = filter.template.len().max(1) * filter.action.len().max(1);
    if names == 1 || names * by_state.len() > MOST {
        return by_state;
    }
    by_state.iter().flat_map(by_name).collect()
}

/// What ended badly and what is open, when it names both and nothing else.
fn by_state(filter: &RunFilter) -> Vec<RunFilter> {
    let Some(statuses) = filter.statuses() else {
        return vec![filter.clone()];
    };
    let has = |words: &[&str]| statuses.iter().any(|status| words.contains(status));
    let is_mixed = has(BAD) && has(OPEN) && !statuses.contains(&"success");
    if !is_mixed || filter.dead || filter.reason.is_some() {
        return vec![filter.clone()];
    }
    let only = |words: &[&str]| -> Option<Vec<String>> {
        let whole = filter.status.iter().flatten();
        Some(
            whole
                .filter(|status| words.contains(&status.as_str()))
                .cloned()
                .collect(),
        )
    };
    let bad = RunFilter {
        status: only(BAD),
        states: Vec::new(),
        ..filter.clone()
    };
    let open = RunFilter {
        status: only(OPEN),
        ..filter.clone()
    };
    vec![bad, open]
}

fn by_name(filter: &RunFilter) -> Vec<RunFilter> {
    let each = |names: &[String]| -> Vec<Vec<String>> {
        if names.is_empty() {
            vec![Vec::new()]
        } else {
            names.iter().map(|name| vec![name.clone()]).collect()
        }
    };
    let actions = each(&filter.action);
    each(&filter.template)
        .into_iter()
        .flat_map(|template| {
            actions.iter().map(move |action| RunFilter {
                template: template.clone(),
                action: action.clone(),
                ..filter.clone()
            })
        })
        .collect()
}

/// One page out of a page of each part. Where the look of one part stopped, nothing is known of what is older.
pub(super) fn merged(mut pages: Vec<RunPage>, limit: i64) -> RunPage {
    if pages.len() == 1 {
        return pages.remove(0);
    }
    let place = |cursor: &Cursor| (cursor.created_at, cursor.run_id.clone());
    let horizon = pages.iter().filter_map(|page| page.next.clone()).max_by_key(place);
    let mut runs: Vec<_> = pages.into_iter().flat_map(|page| page.runs).collect();
    runs.sort_unstable_by(|one, other| (other.created_at, &other.run_id).cmp(&(one.created_at, &one.run_id)));
    // A run that changed between two looks is in both.
    runs.dedup_by(|one, other| one.run_id == other.run_id);
    if let Some(horizon) = &horizon {
        runs.retain(|run| (run.created_at, &run.run_id) >= (horizon.created_at, &horizon.run_id));
    }
    let is_cut = runs.len() as i64 > limit;
    runs.truncate(limit as usize);
    let last = runs.last().filter(|_| is_cut).map(|run| Cursor {
        created_at: run.created_at,
        run_id: run.run_id.clone(),
    });
    RunPage {
        next: last.or(horizon),
        runs,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::filter::Filter;

    fn wish(status: &[&str], states: &str) -> RunFilter {
        RunFilter {
            status: Some(status.iter().map(ToString::to_string).collect()),
            states: Filter::parse(&format!("status={states}")).status,
            ..RunFilter::default()
        }
    }

    #[test]
    fn failed_and_stuck_are_two_parts() {
        let two = parts(&wish(&["failed"], "stuck"));
        assert_eq!(two, [wish(&["failed"], ""), wish(&[], "stuck")]);
        for one in [
            wish(&["failed"], ""),
            wish(&["success", "running"], ""),
            RunFilter::default(),
        ] {
            assert_eq!(parts(&one), [one]);
        }
    }

    #[test]
    fn every_template_is_a_part_while_they_are_few() {
        let of = |names: &[&str]| RunFilter {
            template: names.iter().map(ToString::to_string).collect(),
            ..RunFilter::default()
        };
        assert_eq!(parts(&of(&["a", "b"])), [of(&["a"]), of(&["b"])]);
        assert_eq!(parts(&of(&["a", "b", "c", "d", "e"])).len(), 1);
    }
}
