//! The one grammar of filters over runs: in the list, the export and bulk operations. `domain::filter` reads it.

use crate::error::{ApiError, ApiResult};
use ::runs::{Services, filter, read::RunFilter};
use domain::{Claims, filter::Filter};

/// Declares a struct with the fields of a filter and more of its own.
macro_rules! filtered {
    ($(#[$about:meta])* pub struct $name:ident { $($(#[$more:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$about])*
        pub struct $name {
            /// Statuses, comma-separated; also scheduled, retrying, canceling and stuck. Open ones may say since when:
            /// `queued>5m`.
            status: Option<String>,
            /// Lanes, comma-separated.
            lane: Option<String>,
            /// Templates, by slug, comma-separated.
            template: Option<String>,
            /// Actions, by name, comma-separated.
            action: Option<String>,
            /// Words in id, title or requester, or a parameter: `payload.user.id:7`; each line is looked for. What
            /// begins as ids do, with the day, finds ids that begin so.
            q: Option<String>,
            /// Made at or after: a moment, today, or a span before now such as 24h.
            from: Option<String>,
            /// Made before.
            to: Option<String>,
            /// Environments, comma-separated.
            env: Option<String>,
            /// Who asked: actors or user ids, whole, comma-separated; `me` is the caller.
            by: Option<String>,
            /// The same as `by`.
            user: Option<String>,
            /// Why they ended so, comma-separated.
            reason: Option<String>,
            /// Failed for good, and nobody has started them again.
            dead: Option<bool>,
            /// The run they were started from.
            parent: Option<String>,
            /// Conversation they belong to.
            session: Option<String>,
            $($(#[$more])* $field: $kind,)*
        }

        impl $name {
            /// The filter, read.
            pub(crate) fn words(&self) -> $crate::error::ApiResult<domain::filter::Filter> {
                let dead = self.dead.map(|dead| dead.to_string());
                $crate::actions::runs::filter::checked([
                    ("status", &self.status),
                    ("lane", &self.lane),
                    ("template", &self.template),
                    ("action", &self.action),
                    ("q", &self.q),
                    ("from", &self.from),
                    ("to", &self.to),
                    ("env", &self.env),
                    ("by", &self.by),
                    ("user", &self.user),
                    ("reason", &self.reason),
                    ("dead", &dead),
                    ("parent", &self.parent),
                    ("session", &self.session),
                ])
            }
        }
    };
}
pub(crate) use filtered;

/// The filter of these fields, if each is understood.
pub(crate) fn checked<'a>(fields: impl IntoIterator<Item = (&'a str, &'a Option<String>)>) -> ApiResult<Filter> {
    let pairs = fields
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value.clone()?)));
    let filter = Filter::of_pairs(pairs);
    match filter.problems.first() {
        Some(problem) => Err(ApiError::invalid(problem.key.clone(), problem.message.clone())),
        None => Ok(filter),
    }
}

/// The runs it names now, to this caller.
pub(crate) fn resolved(services: &Services, claims: &Claims, words: &Filter) -> RunFilter {
    filter::resolve(words, services.now(), claims)
}
