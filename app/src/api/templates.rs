//! Reads templates and the form that starts one.

use super::PageError;
use crate::views::{Sent, StartFormView, TemplateView};
use leptos::prelude::*;

/// Every template, by title.
#[server(prefix = "/fn", endpoint = "list_templates")]
pub(crate) async fn list_templates() -> Result<Sent<Vec<TemplateView>>, PageError> {
    let (services, claims) = super::error::caller()?;
    let mut tx = services.begin(&claims).await?;
    let templates = runs::read::templates(&mut tx).await?;
    Ok(Sent(templates.into_iter().map(Into::into).collect()))
}

/// The form that starts a template; `None` when there is no such template.
#[server(prefix = "/fn", endpoint = "read_start_form")]
pub(crate) async fn read_start_form(slug: String) -> Result<Option<Sent<StartFormView>>, PageError> {
    let (services, claims) = super::error::caller()?;
    let mut tx = services.begin(&claims).await?;
    let templates = runs::read::templates(&mut tx).await?;
    let Some(row) = templates.into_iter().find(|row| row.slug == slug) else {
        super::error::answer_with(404);
        return Ok(None);
    };
    let Some(stored) = runs::template::load(&mut tx, &slug, None).await? else {
        return Ok(None);
    };
    let recent = runs::read::recent_params(&mut tx, &slug, 5).await?;
    let lanes = runs::read::lanes(&mut tx).await?;
    Ok(Some(Sent(StartFormView {
        fields: super::schema_form::fields(&stored.template),
        recent: super::schema_form::presets(&stored.template, &recent),
        lanes: lanes.into_iter().map(|lane| (lane.name, lane.title)).collect(),
        template: row.into(),
    })))
}
