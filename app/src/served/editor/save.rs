//! Saving what was edited, and the bar that says what saving would do.

use super::draft::Draft;
use crate::api::PageError;
use crate::components::Icon;
use crate::served::{Ask, diff};
use domain::{Claims, Permission, Template};
use leptos::prelude::*;
use runs::{
    Services,
    template::{SaveError, save_after},
};

/// What came of the button.
pub(super) enum Outcome {
    /// It was another button.
    Not,
    /// There is a new version; the browser goes on to this address.
    Saved { address: String },
    /// It was not saved.
    Refused(PageError),
    /// Somebody else saved: the newest version, its author, and what the text here changes in it.
    Overtaken {
        newest: i32,
        author: String,
        unified: String,
    },
}

/// Saves when that is what the button says: `save`, `save-start`, or `save-over:5` on top of version 5.
pub(super) async fn press(services: &Services, claims: &Claims, draft: &Draft) -> Result<Outcome, PageError> {
    let (verb, over) = draft.op.split_once(':').unwrap_or((&draft.op, ""));
    let base = match verb {
        "save" | "save-start" => draft.base,
        "save-over" => over.parse().unwrap_or(draft.base),
        _ => return Ok(Outcome::Not),
    };
    if !draft.refused.is_empty() {
        let message = "Some fields of the form need another look.";
        return Ok(Outcome::Refused(PageError::new(422, "invalid_fields", message, None)));
    }
    let mut tx = services.begin(claims).await?;
    match save_after(&mut tx, claims, (draft.slug.as_deref(), base), &draft.source).await {
        Ok(saved) => {
            tx.commit().await.map_err(db::DbError::from)?;
            let below = if verb == "save-start" { "/run" } else { "" };
            let address = format!("/templates/{}{below}", saved.template.slug);
            Ok(Outcome::Saved { address })
        }
        Err(SaveError::Overtaken { newest }) => {
            drop(tx);
            overtaken(services, claims, draft, newest).await
        }
        Err(error) => Ok(Outcome::Refused(error.into())),
    }
}

async fn overtaken(services: &Services, claims: &Claims, draft: &Draft, newest: i32) -> Result<Outcome, PageError> {
    let slug = runs::template::parse(&draft.source)
        .map(|template| template.slug)
        .unwrap_or_default();
    let mut tx = services.begin(claims).await?;
    let row = runs::read::template(&mut tx, &slug, Some(newest)).await?;
    let row = row.ok_or_else(|| PageError::not_found("version"))?;
    let theirs = format!("version {newest}");
    let found = runs::template::diff((&theirs, &row.source), ("yours", &draft.source));
    Ok(Outcome::Overtaken {
        newest,
        author: row.created_by.unwrap_or_else(|| "the server".to_owned()),
        unified: found.text,
    })
}

/// The buttons, and what stands in their way.
pub(super) fn bar(ask: &Ask, draft: &Draft, template: Option<&Template>, outcome: &Outcome) -> AnyView {
    let next = draft.base + 1;
    let powerful = template.is_some_and(|template| template.editing() == Permission::Administer);
    let needs_admin = (powerful && !ask.may(Permission::Administer)).then(|| {
        html! {
            <p class="note">
                <Icon name="warn" />
                " Saving needs the role admin: a step starts a program, a container or an agent."
            </p>
        }
    });
    let save = if draft.base == 0 {
        "Save template".to_owned()
    } else {
        format!("Save version {next}")
    };
    html! {
        {outcome.said(draft)}
        <div class="row">
            <button class="btn primary" name="op" value="save" id="editor-press-save">{save}</button>
            <button
                class="btn"
                name="op"
                value="save-start"
                id="editor-press-test"
                title=format!("Saves version {next}, then opens its start form. A run always keeps to a saved version.")
            >
                <Icon name="play" />
                "Save and test"
            </button>
            <button class="btn" name="op" value="check" id="editor-press-check">
                "Check"
            </button>
            {needs_admin}
        </div>
    }
}

impl Outcome {
    fn said(&self, draft: &Draft) -> AnyView {
        match self {
            Self::Not | Self::Saved { .. } => ().into_any(),
            Self::Refused(error) => html! {
                <div class="card refused" role="alert">
                    <Icon name="warn" />
                    <div>
                        <p class="strong">{error.message.clone()}</p>
                        <p>"Nothing was saved; your text is still here."</p>
                        <p class="note">{error.hint.clone()}</p>
                    </div>
                </div>
            },
            Self::Overtaken {
                newest,
                author,
                unified,
            } => {
                let theirs = match &draft.slug {
                    Some(slug) => format!("/templates/{slug}/edit"),
                    None => "/templates".to_owned(),
                };
                let names = [format!("version {newest} by {author}"), "yours".to_owned()];
                html! {
                    <div class="card refused" role="alert">
                        <Icon name="warn" />
                        <div>
                            <p class="strong">{format!("{author} saved version {newest} in the meantime.")}</p>
                            <p>"Nothing was saved; your text is still here. This is what yours changes in theirs:"</p>
                        </div>
                    </div>
                    {diff::draw(unified, &names, false)}
                    <div class="row">
                        <button class="btn danger" name="op" value=format!("save-over:{newest}") id="editor-press-over">
                            {format!("Save yours as version {}", newest + 1)}
                        </button>
                        <a class="btn" href=theirs rel="external">"Take theirs"</a>
                    </div>
                }
            }
        }
    }
}
