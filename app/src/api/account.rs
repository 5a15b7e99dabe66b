//! What a person sets for themselves.

use super::PageError;
use leptos::prelude::*;

/// Keeps what was chosen in cookies, for the server reads them before the first pixel.
#[server(prefix = "/fn", endpoint = "choose_looks")]
pub(crate) async fn choose_looks(
    #[server(default)] theme: String,
    #[server(default)] density: String,
    #[server(default)] keys: String,
) -> Result<(), PageError> {
    let Some(response) = use_context::<leptos_axum::ResponseOptions>() else {
        return Ok(());
    };
    for (look, word) in crate::looks::LOOKS.iter().zip([theme, density, keys]) {
        if word.is_empty() {
            continue;
        }
        let Some(word) = look.word(&word) else {
            let words = look.words.join(", ");
            return Err(PageError::of(look.name, format!("It is one of {words}.")));
        };
        let cookie = format!("{}={word}; Path=/; Max-Age=31536000; SameSite=Lax", look.name);
        if let Ok(cookie) = cookie.parse() {
            response.append_header(http::header::SET_COOKIE, cookie);
        }
    }
    Ok(())
}

/// Gives the caller a new password.
#[server(prefix = "/fn", endpoint = "change_password")]
pub(crate) async fn change_password(new_password: String, repeated: String) -> Result<(), PageError> {
    use runs::access::{Keep, NewPassword};
    let (services, claims) = super::error::caller()?;
    if new_password != repeated {
        return Err(PageError::of(
            "repeated",
            "The two passwords differ. Enter the same one twice.",
        ));
    }
    let user_id = ssr::person(&claims)?;
    let own = use_context::<ssr::OwnSession>();
    let new = NewPassword {
        text: &new_password,
        keep: own.as_ref().map_or(Keep::Nothing, |own| Keep::Own(&own.0)),
    };
    // Nobody may write passwords with their own hands, not even their own.
    let mut tx = services.begin_as_server(&claims).await?;
    runs::access::set_password(&mut tx, services.now(), &claims, user_id, new).await?;
    Ok(tx.commit().await.map_err(db::DbError::from)?)
}

#[cfg(feature = "ssr")]
pub(crate) mod ssr {
    use crate::api::PageError;
    use domain::{Claims, Via};
    use runs::access::AccessError;

    /// The token of the session that calls, as its cookie holds it.
    #[derive(Clone)]
    pub struct OwnSession(pub String);

    /// The user behind a browser session. A token must not change the password of anybody.
    pub(super) fn person(claims: &Claims) -> Result<uuid::Uuid, PageError> {
        match (claims.via, claims.subject.parse()) {
            (Via::Browser, Ok(user_id)) => Ok(user_id),
            _ => Err(PageError::new(
                403,
                "forbidden",
                "Only a logged-in person has a password.",
                None,
            )),
        }
    }

    impl From<AccessError> for PageError {
        fn from(error: AccessError) -> Self {
            let words = format!("This was not done: {error}.");
            match error {
                AccessError::Db(error) => error.into(),
                AccessError::Hash => {
                    Self::new(500, "broken", "Something went wrong on the server.", Some("Try again."))
                }
                AccessError::UnknownUser { .. } => Self::not_found("user"),
                AccessError::UserExists { .. } | AccessError::NotAnAddress { .. } => Self::of("email", words),
                AccessError::WeakPassword => Self::of("new_password", words),
                AccessError::RoleForTokensOnly => Self::of("role", words),
                AccessError::LastAdmin => {
                    Self::new(409, "last_admin", words, Some("Make somebody else an admin first."))
                }
            }
        }
    }
}
