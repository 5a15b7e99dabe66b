//! The one grammar of filters over runs: in the list, the export and bulk operations.

use crate::error::{ApiError, ApiResult};
use ::runs::read::RunFilter;
use domain::RunStatus;

/// Declares a struct with the fields of a filter and more of its own.
macro_rules! filtered {
    ($(#[$about:meta])* pub struct $name:ident { $($(#[$more:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$about])*
        pub struct $name {
            /// Statuses, comma-separated.
            status: Option<String>,
            /// Lane.
            lane: Option<String>,
            /// Template, by slug.
            template: Option<String>,
            /// Action, by name.
            action: Option<String>,
            /// Words in id, title or requester. What begins as ids do, with the day, finds ids that begin so.
            q: Option<String>,
            /// Made at or after.
            from: Option<chrono::DateTime<chrono::Utc>>,
            /// Made before.
            to: Option<chrono::DateTime<chrono::Utc>>,
            /// Environment.
            env: Option<String>,
            /// Who asked: actor or user id, whole.
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
            pub(crate) fn filter(&self) -> $crate::error::ApiResult<::runs::read::RunFilter> {
                $crate::actions::runs::filter::checked(
                    self.status.as_deref(),
                    ::runs::read::RunFilter {
                        status: None,
                        lane: self.lane.clone(),
                        template: self.template.clone(),
                        action: self.action.clone(),
                        text: self.q.clone(),
                        from: self.from,
                        to: self.to,
                        env: self.env.clone(),
                        user: self.user.clone(),
                        reason: self.reason.as_deref().map($crate::actions::runs::filter::words),
                        dead: self.dead.unwrap_or(false),
                        parent: self.parent.clone(),
                        session: self.session.clone(),
                    },
                )
            }
        }
    };
}
pub(crate) use filtered;

/// The words of a comma-separated list.
pub(crate) fn words(list: &str) -> Vec<String> {
    list.split(',').map(|word| word.trim().to_owned()).collect()
}

/// The filter with its statuses, each a word that exists.
pub(crate) fn checked(statuses: Option<&str>, filter: RunFilter) -> ApiResult<RunFilter> {
    let status = statuses.map(|list| list.split(',').map(str::trim).map(status).collect());
    Ok(RunFilter {
        status: status.transpose()?,
        ..filter
    })
}

fn status(word: &str) -> ApiResult<String> {
    let status: RunStatus = word
        .parse()
        .map_err(|error| ApiError::invalid("status", format!("{error}.")))?;
    Ok(status.as_str().to_owned())
}
