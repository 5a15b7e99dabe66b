//! What an act was about, and the page on which it is.

use crate::api::PageError;
use db::PgConnection;
use leptos::prelude::*;
use std::collections::HashMap;

/// Kind, what people call it, and the page of one; `ID` stands for its id.
pub(super) const KINDS: [(&str, &str, &str); 14] = [
    ("run", "run", "/runs/ID"),
    ("bulk", "bulk operation", "/bulk/ID"),
    ("template", "template", "/templates/ID"),
    ("schedule", "schedule", "/schedules"),
    ("lane", "lane", "/settings/lanes"),
    ("worker", "worker", "/workers"),
    ("artifact", "artifact", "/artifacts/ID"),
    ("alert_rule", "alert rule", "/alerts"),
    ("alert_channel", "alert channel", "/alerts"),
    ("user", "user", "/settings/users"),
    ("token", "token", "/settings/tokens"),
    ("secret", "secret", "/settings/secrets"),
    ("settings", "settings", "/settings/system"),
    ("retention", "retention", "/settings/system"),
];

/// What people call things whose ids tell nothing.
pub(super) struct Names(HashMap<String, String>);

impl Names {
    /// Those of users and tokens.
    pub(super) async fn read(conn: &mut PgConnection) -> Result<Self, PageError> {
        let users = runs::access::users(conn).await?;
        let users = users.into_iter().map(|user| (user.user_id.to_string(), user.email));
        let tokens = runs::access::tokens(conn).await?;
        let tokens = tokens.into_iter().map(|token| (token.token_id.to_string(), token.name));
        Ok(Self(users.chain(tokens).collect()))
    }
}

/// Kind and name; a link where there is a page.
pub(super) fn link(kind: &str, id: &str, names: &Names) -> AnyView {
    let known = KINDS.iter().find(|(known, ..)| *known == kind);
    let word = known.map_or(kind, |(_, word, _)| word).to_owned();
    let name = names.0.get(id).map_or(id, String::as_str).to_owned();
    match known {
        Some((.., page)) => html! {
            <span class="wrap">{word} " " <a class="link" href=page.replace("ID", id)><code>{name}</code></a></span>
        },
        None => html! { <span class="wrap">{word} " " <code>{name}</code></span> },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_act_was_about_leads_to_its_page_under_its_name() {
        let names = Names(HashMap::from([("7".to_owned(), "ci".to_owned())]));
        let html = |kind, id| link(kind, id, &names).to_html();
        assert!(html("run", "run_1").contains("href=\"/runs/run_1\""));
        let token = html("token", "7");
        assert!(
            token.contains("href=\"/settings/tokens\"") && token.contains(">ci<"),
            "{token}"
        );
        assert!(!html("shell", "x").contains("href"));
    }
}
