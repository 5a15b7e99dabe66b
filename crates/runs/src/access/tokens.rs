//! Programs: API tokens and the shared secret of the sheets.

use super::opaque;
use chrono::{DateTime, TimeDelta, Utc};
use db::access::{self, NewToken};
use db::audit::{self, Act};
use db::{PgConnection, Result};
use domain::{Claims, Role, Via};
use serde_json::json;
use uuid::Uuid;

pub use db::access::TokenRow;

/// A week: long enough for every program to be told of a new token.
pub const LONGEST_OVERLAP: TimeDelta = TimeDelta::days(7);
const LONGEST_NAME: usize = 200;

/// What a new token may do.
#[derive(Debug, Clone, Default)]
pub struct TokenSpec {
    /// What people call it.
    pub name: String,
    /// Role; viewer when absent.
    pub role: Option<Role>,
    /// Actions it is limited to.
    pub actions: Option<Vec<String>>,
    /// Spreadsheets it is limited to.
    pub spreadsheets: Option<Vec<String>>,
    /// Of no use after.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Why a token cannot be as it was written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenMisfit {
    /// Field of [`TokenSpec`].
    pub field: &'static str,
    /// What is wrong with it.
    pub message: &'static str,
}

impl TokenSpec {
    /// What is wrong with it, if anything is.
    pub fn misfit(&self, now: DateTime<Utc>) -> Option<TokenMisfit> {
        let misfit = |field, message| Some(TokenMisfit { field, message });
        if !(1..=LONGEST_NAME).contains(&self.name.trim().chars().count()) {
            return misfit("name", "A name has 1 to 200 characters.");
        }
        for (field, limits) in [("actions", &self.actions), ("spreadsheets", &self.spreadsheets)] {
            if limits.as_ref().is_some_and(Vec::is_empty) {
                return misfit(field, "A limit names something; leave it out for none.");
            }
        }
        if self.expires_at.is_some_and(|end| end <= now) {
            return misfit("expires_at", "It would have ended already; name a time to come.");
        }
        None
    }
}

/// A token at its making, the only time it is seen whole.
#[derive(Clone)]
pub struct IssuedToken {
    /// Id, to revoke it by.
    pub token_id: Uuid,
    /// What the program sends as `Authorization: Bearer`.
    pub token: String,
}

/// Issues a token.
pub async fn issue_token(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    by: &Claims,
    spec: &TokenSpec,
) -> Result<IssuedToken> {
    let token = opaque::fresh("rb");
    let new = NewToken {
        name: &spec.name,
        token_hash: &opaque::hash(&token),
        prefix: &opaque::shown(&token),
        role: spec.role.unwrap_or(Role::Viewer).as_str(),
        actions: spec.actions.as_deref(),
        spreadsheets: spec.spreadsheets.as_deref(),
        created_by: Some(&by.actor),
        now,
        expires_at: spec.expires_at,
    };
    let token_id = access::create_token(conn, &new).await?;
    let act = Act {
        verb: "issue token",
        object_kind: "token",
        object_id: &token_id.to_string(),
        detail: None,
    };
    audit::record(conn, now, by, &act).await?;
    Ok(IssuedToken { token_id, token })
}

/// Who holds this bearer token; `None` when it is unknown, too old or taken back.
pub async fn token(conn: &mut PgConnection, now: DateTime<Utc>, bearer: &str) -> Result<Option<Claims>> {
    let Some(row) = access::token_by_hash(conn, now, &opaque::hash(bearer)).await? else {
        return Ok(None);
    };
    access::touch_token(conn, now, row.token_id).await?;
    let Ok(role) = row.role.parse() else {
        return Ok(None);
    };
    Ok(Some(Claims {
        subject: row.token_id.to_string(),
        actor: format!("token {}", row.name),
        role,
        via: Via::Token,
        actions: row.actions,
        spreadsheets: row.spreadsheets,
    }))
}

/// Issues a token that may do what another one may, which ends after `overlap`; `None` when there is no such
/// token that is good.
pub async fn rotate_token(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    by: &Claims,
    token_id: Uuid,
    overlap: TimeDelta,
) -> Result<Option<IssuedToken>> {
    let Some(old) = access::token_to_rotate(conn, now, token_id).await? else {
        return Ok(None);
    };
    let spec = TokenSpec {
        name: old.name,
        role: old.role.parse().ok(),
        actions: old.actions,
        spreadsheets: old.spreadsheets,
        expires_at: old.expires_at,
    };
    let issued = issue_token(conn, now, by, &spec).await?;
    access::expire_token(conn, token_id, now + overlap).await?;
    let detail = json!({"replaced_by": issued.token_id, "ends_at": now + overlap});
    let act = Act {
        verb: "rotate token",
        object_kind: "token",
        object_id: &token_id.to_string(),
        detail: Some(&detail),
    };
    audit::record(conn, now, by, &act).await?;
    Ok(Some(issued))
}

/// Takes a token back; false when there was none.
pub async fn revoke_token(conn: &mut PgConnection, now: DateTime<Utc>, by: &Claims, token_id: Uuid) -> Result<bool> {
    let revoked = access::revoke_token(conn, now, token_id).await?;
    if revoked {
        let act = Act {
            verb: "revoke token",
            object_kind: "token",
            object_id: &token_id.to_string(),
            detail: None,
        };
        audit::record(conn, now, by, &act).await?;
    }
    Ok(revoked)
}

/// Every token, newest first.
pub async fn tokens(conn: &mut PgConnection) -> Result<Vec<TokenRow>> {
    access::list_tokens(conn).await
}

/// A sheet that knows the shared secret: a planner, whoever clicks.
pub fn shared_secret() -> Claims {
    Claims {
        subject: "shared-secret".to_owned(),
        actor: "sheets".to_owned(),
        role: Role::Planner,
        via: Via::Secret,
        actions: None,
        spreadsheets: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_could_do_nothing_is_refused() {
        let now = DateTime::UNIX_EPOCH;
        let good = TokenSpec {
            name: "ci".to_owned(),
            ..TokenSpec::default()
        };
        assert_eq!(good.misfit(now), None);
        let misfits = [
            TokenSpec {
                name: " ".to_owned(),
                ..good.clone()
            },
            TokenSpec {
                actions: Some(Vec::new()),
                ..good.clone()
            },
            TokenSpec {
                expires_at: Some(now),
                ..good
            },
        ];
        let fields = misfits.map(|spec| spec.misfit(now).map(|misfit| misfit.field));
        assert_eq!(fields, [Some("name"), Some("actions"), Some("expires_at")]);
    }
}
