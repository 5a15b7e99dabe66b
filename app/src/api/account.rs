//! What a person sets for themselves.

use super::PageError;
use leptos::prelude::*;

/// Keeps the theme in a cookie, for the server reads it before the first pixel.
#[server(prefix = "/fn", endpoint = "set_theme")]
pub(crate) async fn set_theme(theme: String) -> Result<String, PageError> {
    let theme = match theme.as_str() {
        "light" | "dark" => theme,
        _ => "system".to_owned(),
    };
    let cookie = format!(
        "{}={theme}; Path=/; Max-Age=31536000; SameSite=Lax",
        crate::boot::THEME_COOKIE
    );
    if let (Some(response), Ok(cookie)) = (use_context::<leptos_axum::ResponseOptions>(), cookie.parse()) {
        response.append_header(http::header::SET_COOKIE, cookie);
    }
    Ok(theme)
}

/// Gives the caller a new password.
#[server(prefix = "/fn", endpoint = "change_password")]
pub(crate) async fn change_password(new_password: String, repeated: String) -> Result<(), PageError> {
    use runs::access::{Keep, NewPassword};
    let (services, claims) = super::error::caller()?;
    if new_password != repeated {
        return Err(PageError::new(
            422,
            "invalid",
            "The two passwords differ.",
            Some("Enter the same one twice."),
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
            match error {
                AccessError::Db(error) => error.into(),
                AccessError::Hash => {
                    Self::new(500, "broken", "Something went wrong on the server.", Some("Try again."))
                }
                other => Self::new(422, "invalid", format!("This was not done: {other}."), None),
            }
        }
    }
}
