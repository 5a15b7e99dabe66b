//! What the words of a filter mean at this moment, to this caller.

use chrono::{DateTime, Utc};
use db::reads::RunFilter;
use domain::{
    Claims,
    filter::{Filter, Moment, ParamIs, Search, State},
};
use serde_json::{Map, Value};

/// Who looks, as a word of `by`.
const ME: &str = "me";

/// The runs that a filter names.
pub fn resolve(filter: &Filter, now: DateTime<Utc>, claims: &Claims) -> RunFilter {
    let filter = frozen(filter, now, claims);
    let whole: Vec<String> = filter
        .status
        .iter()
        .filter_map(|wanted| match (wanted.state, wanted.longer_than) {
            (State::Is(status), None) => Some(status.as_str().to_owned()),
            _ => None,
        })
        .collect();
    let at = |moment: Option<Moment>| moment.map(|moment| moment.at(now));
    let (mut text, mut params) = (None, Vec::new());
    for search in filter.search {
        match search {
            Search::Text(words) => text = Some(words),
            Search::Param(param) => params.push(param),
        }
    }
    RunFilter {
        states: filter
            .status
            .iter()
            .filter(|wanted| !matches!((wanted.state, wanted.longer_than), (State::Is(_), None)))
            .copied()
            .collect(),
        status: (!whole.is_empty()).then_some(whole),
        text,
        params: documents(&params),
        from: at(filter.from),
        to: at(filter.to),
        lane: filter.lane,
        template: filter.template,
        action: filter.action,
        env: filter.env,
        user: filter.by,
        reason: (!filter.reason.is_empty()).then_some(filter.reason),
        dead: filter.dead,
        parent: filter.parent,
        session: filter.session,
    }
}

/// The same filter in words that will mean the same tomorrow, to anybody.
#[must_use]
pub fn frozen(filter: &Filter, now: DateTime<Utc>, claims: &Claims) -> Filter {
    let fixed = |moment: Option<Moment>| moment.map(|moment| Moment::At(moment.at(now)));
    let mut by: Vec<String> = Vec::new();
    for who in &filter.by {
        let who = if who == ME { &claims.actor } else { who };
        if !by.contains(who) {
            by.push(who.clone());
        }
    }
    Filter {
        by,
        from: fixed(filter.from),
        to: fixed(filter.to),
        ..filter.plain()
    }
}

/// A filter as bulk operations and their pages keep it: `{"status": "failed,stuck", "lane": "A"}`. What is said
/// several times stands in lines.
pub fn asked(filter: &Filter) -> Value {
    let mut fields = Map::new();
    for (key, value) in filter.pairs() {
        match fields.get_mut(&key) {
            Some(Value::String(known)) => *known = format!("{known}\n{value}"),
            _ => {
                fields.insert(key, Value::String(value));
            }
        }
    }
    Value::Object(fields)
}

/// Every way in which the named parameters may stand together: each value may be a number or a text.
fn documents(params: &[ParamIs]) -> Vec<Value> {
    let mut all = Vec::new();
    for param in params {
        let ways = param.documents();
        all = if all.is_empty() {
            ways
        } else {
            let both = |one: &Value| -> Vec<Value> { ways.iter().map(|way| merged(one.clone(), way)).collect() };
            all.iter().flat_map(both).collect()
        };
    }
    all
}

fn merged(one: Value, other: &Value) -> Value {
    match (one, other) {
        (Value::Object(mut fields), Value::Object(more)) => {
            for (key, value) in more {
                let known = fields.remove(key);
                let value = known.map_or_else(|| value.clone(), |known| merged(known, value));
                fields.insert(key.clone(), value);
            }
            Value::Object(fields)
        }
        // The grammar lets no parameter be named twice.
        (one, _) => one,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn now() -> DateTime<Utc> {
        "2026-01-14T09:30:00Z".parse().unwrap()
    }

    #[test]
    fn what_is_relative_is_fixed_for_good() {
        let claims = Claims {
            actor: "jo@x.org".to_owned(),
            ..Claims::command_line()
        };
        let filter = Filter::parse("by=me,jo@x.org&from=24h&status=failed&view=mine&cols=id");
        let frozen = frozen(&filter, now(), &claims);
        assert_eq!(
            frozen.to_string(),
            "status=failed&by=jo@x.org&from=2026-01-13T09:30:00Z"
        );
        assert_eq!(
            asked(&frozen),
            json!({"status": "failed", "by": "jo@x.org", "from": "2026-01-13T09:30:00Z"})
        );
    }

    #[test]
    fn derived_states_stand_beside_stored_ones() {
        let filter = resolve(
            &Filter::parse("status=failed,stuck,queued>5m"),
            now(),
            &Claims::command_line(),
        );
        assert_eq!(filter.status, Some(vec!["failed".to_owned()]));
        assert_eq!(filter.states.len(), 2);
    }

    #[test]
    fn parameters_may_stand_as_numbers_or_texts() {
        let filter = Filter::parse("q=a.b:7&q=a.c:x&q=words");
        let filter = resolve(&filter, now(), &Claims::command_line());
        assert_eq!(filter.text.as_deref(), Some("words"));
        assert_eq!(
            filter.params,
            [json!({"a": {"b": 7, "c": "x"}}), json!({"a": {"b": "7", "c": "x"}})]
        );
    }
}
