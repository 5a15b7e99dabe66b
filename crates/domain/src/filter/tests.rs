//! The grammar, forth and back.

use super::*;
use proptest::prelude::*;

#[test]
fn every_token_is_read() {
    let filter = Filter::parse(
        "status=failed,stuck,queued%3E5m&lane=A,B&template=build&action=pm.save&by=me&env=prod&from=24h&to=2026-01-14&q=payload.user.id:7&reason=timeout&view=mine&cols=status,took&sort=-created",
    );
    assert_eq!(filter.problems, []);
    assert_eq!(filter.lane, ["A", "B"]);
    assert_eq!(filter.status.len(), 3);
    assert_eq!(
        filter.to_string(),
        "status=failed,stuck,queued%3E5m&lane=A,B&template=build&action=pm.save&by=me&env=prod&reason=timeout&from=24h&to=2026-01-14T00:00:00Z&q=payload.user.id:7&view=mine&cols=status,took"
    );
}

#[test]
fn what_is_not_understood_is_kept_and_explained() {
    let filter = Filter::parse("stauts=failed&status=failed,broken&from=soon&sort=-took&cols=size&q=a&q=b");
    let kept: Vec<_> = filter
        .problems
        .iter()
        .map(|problem| format!("{}={}", problem.key, problem.value))
        .collect();
    assert_eq!(
        kept,
        [
            "stauts=failed",
            "status=broken",
            "from=soon",
            "sort=-took",
            "cols=size",
            "q=b"
        ]
    );
    assert!(filter.problems.iter().all(|problem| problem.message.ends_with('.')));
    assert_eq!(Filter::parse(&filter.to_string()), filter);
}

#[test]
fn states_that_are_derived_are_words_like_others() {
    for state in State::ALL {
        let filter = Filter::parse(&format!("status={}", state.as_str()));
        assert_eq!((filter.status[0].state, filter.problems.len()), (state, 0));
    }
    assert_eq!(Filter::parse("status=success>5m").problems.len(), 1);
    assert_eq!(
        Filter::parse("status=active").to_string(),
        "status=queued,running,waiting"
    );
}

#[test]
fn a_relative_time_stays_relative_until_it_is_asked() {
    let now = "2026-01-14T09:30:00Z".parse().unwrap();
    let at = |text: &str| Filter::parse(text).from.unwrap().at(now).to_rfc3339();
    assert_eq!(at("from=24h"), "2026-01-13T09:30:00+00:00");
    assert_eq!(at("from=today"), "2026-01-14T00:00:00+00:00");
    assert_eq!(at("from=2026-01-02T03:04"), "2026-01-02T03:04:00+00:00");
    assert_eq!(Filter::parse("from=24h").to_string(), "from=24h");
}

#[test]
fn built_in_views_are_understood() {
    for view in VIEWS {
        let filter = view.filter();
        assert_eq!(
            (filter.problems.len(), filter.pairs().len() <= 1),
            (0, true),
            "{}",
            view.word
        );
    }
}

fn word() -> impl Strategy<Value = String> {
    "[a-z_@.ä>+%&=:\" -]{1,12}"
        .prop_map(|word| word.trim().to_owned())
        .prop_filter("says something", |word| !word.is_empty())
}

fn list() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::btree_set(word(), 0..3).prop_map(|words| words.into_iter().collect())
}

fn span() -> impl Strategy<Value = Span> {
    (
        0_u32..500,
        prop_oneof![
            Just(Unit::Seconds),
            Just(Unit::Minutes),
            Just(Unit::Hours),
            Just(Unit::Days),
            Just(Unit::Weeks)
        ],
    )
        .prop_map(|(count, unit)| Span { count, unit })
}

fn moment() -> impl Strategy<Value = Option<Moment>> {
    proptest::option::of(prop_oneof![
        span().prop_map(Moment::Ago),
        Just(Moment::Today),
        (0_i64..4_000_000_000_000).prop_map(|at| Moment::At(chrono::DateTime::from_timestamp_millis(at).unwrap())),
    ])
}

fn states() -> impl Strategy<Value = Vec<Wanted>> {
    let one = (0..State::ALL.len(), proptest::option::of(span())).prop_map(|(at, span)| Wanted {
        state: State::ALL[at],
        longer_than: span.filter(|_| !State::ALL[at].status().is_final()),
    });
    proptest::collection::vec(one, 0..4).prop_map(|mut states| {
        let mut seen: Vec<Wanted> = Vec::new();
        states.retain(|state| {
            !seen.contains(state) && {
                seen.push(*state);
                true
            }
        });
        states
    })
}

fn search() -> impl Strategy<Value = Vec<Search>> {
    let param = ("[a-z_]{1,5}", "[a-z]{1,5}", word()).prop_map(|(first, second, value)| {
        Search::Param(ParamIs {
            path: vec![first, second],
            value,
        })
    });
    (
        proptest::option::of(word().prop_map(Search::Text)),
        proptest::option::of(param),
    )
        .prop_map(|(text, param)| text.into_iter().chain(param).collect())
}

prop_compose! {
    fn filters()(
        (status, lane, template, action, by, env) in (states(), list(), list(), list(), list(), list()),
        (reason, from, to, dead, parent, session) in
            (list(), moment(), moment(), any::<bool>(), proptest::option::of(word()), proptest::option::of(word())),
        (search, view, cols) in (search(), proptest::option::of(word()), proptest::sample::subsequence(Column::ALL, 0..4)),
    ) -> Filter {
        Filter { status, lane, template, action, by, env, reason, from, to, dead, parent, session, search, view, cols, problems: Vec::new() }
    }
}

proptest! {
    #[test]
    fn a_filter_is_read_as_it_was_written(filter in filters()) {
        prop_assert_eq!(Filter::parse(&filter.to_string()), filter);
    }

    #[test]
    fn any_address_has_one_form(query in ".{0,60}") {
        let once = Filter::parse(&query);
        let again = Filter::parse(&once.to_string());
        prop_assert_eq!(again.to_string(), once.to_string());
        prop_assert_eq!(again, once);
    }

    #[test]
    fn whatever_is_typed_stays_in_the_address(typed in "[a-z0-9:=., ]{0,30}") {
        let query = add_typed("lane=A", &typed);
        prop_assert!(query.starts_with("lane="));
        Filter::parse(&query);
    }
}
