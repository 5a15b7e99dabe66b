//! `/templates`: what can be started.

use crate::Boot;
use crate::api::list_templates;
use crate::components::late::loaded;
use crate::components::{Empty, ErrorPanel, Icon, PageHead};
use crate::views::{Sent, TemplateView};
use domain::Permission;
use leptos::prelude::*;
use leptos_meta::Title;

/// The page.
#[component]
pub(crate) fn TemplatesPage() -> impl IntoView {
    let templates = Resource::new(|| (), |()| list_templates());
    html! {
        <Title text="Templates" />
        <PageHead title="Templates" />
        <div class="page">
            {loaded(move || async move {
                    match templates.await {
                        Ok(Sent(templates)) if templates.is_empty() => {
                            html! {
                                <Empty
                                    title="There are no templates yet."
                                    hint="An administrator adds one with runboard template apply FILE."
                                />
                            }
                        }
                        Ok(Sent(templates)) => html! { <TemplateList templates=templates /> },
                        Err(error) => html! { <ErrorPanel error=error /> },
                    }
                })}
        </div>
    }
}

/// One row per template.
#[component]
fn TemplateList(
    /// The templates.
    templates: Vec<TemplateView>,
) -> impl IntoView {
    let may_start = use_context::<Boot>().is_some_and(|boot| boot.may(Permission::ManageRuns));
    let rows = templates
        .into_iter()
        .map(|template| {
            html! {
                <li>
                    <div class="text">
                        <h2>{template.title.clone()}</h2>
                        <p class="note">{template.description}</p>
                    </div>
                    <span class="chip" title="The lane its runs flow in">"lane " {template.lane}</span>
                    <span class="note">"version " {template.version}</span>
                    {may_start
                        .then(|| {
                            html! {
                                <a
                                    class="btn"
                                    href=format!("/templates/{}/run", template.slug)
                                    aria-label=format!("Start {}", template.title)
                                >
                                    <Icon name="play" />
                                    "Start"
                                </a>
                            }
                        })}
                </li>
            }
        })
        .collect_view();
    html! { <ul class="card rows template-rows">{rows}</ul> }
}
