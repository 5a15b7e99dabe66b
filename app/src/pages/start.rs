//! `/templates/{slug}/run`: the form that starts a template.

use crate::api::{PageError, StartRun, read_start_form};
use crate::components::late::{loaded, piece};
use crate::components::{Empty, ErrorPanel, Field, Icon, PageHead};
use crate::views::{Sent, StartFormView};
use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use std::collections::HashMap;

/// The page.
#[component]
pub(crate) fn StartPage() -> impl IntoView {
    let params = use_params_map();
    let slug = Memo::new(move |_| params.read().get("slug").unwrap_or_default());
    let form = Resource::new(move || slug.get(), read_start_form);
    loaded(move || async move {
        match form.await {
            Ok(Some(Sent(form))) => html! { <StartForm form=form /> },
            Ok(None) => {
                html! {
                    <PageHead title="No such template" />
                    <div class="page"><Empty title="There is no such template." hint="The list of templates has all there are." /></div>
                }
            }
            Err(error) => {
                html! { <PageHead title="Start a run" /><div class="page"><ErrorPanel error=error /></div> }
            }
        }
    })
}

/// Fields, presets, lane and priority.
#[component]
fn StartForm(
    /// What the server read.
    form: StartFormView,
) -> impl IntoView {
    let start = ServerAction::<StartRun>::new();
    let refusal = Memo::new(move |_| {
        start
            .value()
            .with(|value| value.as_ref().and_then(|value| value.clone().err()))
    });
    // `?preset=2` fills the form from recent params, also without wasm.
    let preset = use_query_map().with_untracked(|query| query.get("preset").and_then(|at| at.parse::<usize>().ok()));
    let filled: HashMap<String, String> = preset
        .and_then(|at| form.recent.get(at))
        .map(|(_, texts)| texts.iter().cloned().collect())
        .unwrap_or_default();
    let texts = RwSignal::new(filled);
    let slug = form.template.slug.clone();
    let fields = form
        .fields
        .into_iter()
        .map(|field| {
            let (key, default) = (field.key.clone(), field.value.clone());
            let value = Memo::new(move |_| {
                let entered = {
                    let refusal = refusal.read();
                    refusal.as_ref().and_then(|refusal| entered(refusal, &key))
                };
                entered
                    .or_else(|| texts.read().get(&key).cloned())
                    .unwrap_or_else(|| default.clone())
            });
            let key = field.key.clone();
            let problem = Memo::new(move |_| {
                let refusal = refusal.read();
                refusal.as_ref().and_then(|refusal| refusal.of_field(&key))
            });
            html! { <Field field=field value=value problem=problem /> }
        })
        .collect_view();
    let presets = form
        .recent
        .into_iter()
        .enumerate()
        .map(|(at, (label, values))| {
            let fill = move |event: leptos::ev::MouseEvent| {
                event.prevent_default();
                event.stop_propagation();
                texts.set(values.iter().cloned().collect());
            };
            html! { <li><a href=format!("?preset={at}") rel="external" title=label.clone() on:click=fill>{label.clone()}</a></li> }
        })
        .collect_view();
    let has_presets = !presets.is_empty();
    let lanes = form
        .lanes
        .into_iter()
        .map(|(name, title)| html! { <option value=name.clone()>{format!("{name}, {title}")}</option> })
        .collect_view();
    let other = piece(move || {
        refusal.get().map(|refusal| {
            html! {
                <div class="refused" role="alert">
                    <Icon name="warn" />
                    <div>
                        <p class="strong">{refusal.message}</p>
                        <p class="note">{refusal.hint}</p>
                    </div>
                </div>
            }
        })
    });
    let priority_problem = move || {
        let refusal = refusal.read();
        refusal.as_ref().and_then(|refusal| refusal.of_field("priority"))
    };
    html! {
        <Title text=format!("Start {}", form.template.title) />
        <PageHead title=form.template.title.clone() />
        <div class="page start">
            <section class="card pane">
                <p class="lead">{form.template.description}</p>
                {other}
                <ActionForm action=start>
                    <input type="hidden" name="slug" value=slug />
                    {fields}
                    <details class="more">
                        <summary>"Lane and priority"</summary>
                        <div class="form-field">
                            <label for="lane">"Lane"</label>
                            <select name="lane" id="lane">
                                <option value="">{format!("Lane of the template ({})", form.template.lane)}</option>
                                {lanes}
                            </select>
                        </div>
                        <div class="form-field">
                            <label for="priority">"Priority"</label>
                            <input type="number" name="priority" id="priority" min="0" max="1000" step="1" aria-describedby="priority-help" />
                            <div id="priority-help" class="help">
                                {piece(move || priority_problem().map(|problem| html! { <p class="problem">{problem}</p> }))}
                                <p>"0 goes first; 100 when left empty."</p>
                            </div>
                        </div>
                    </details>
                    <div class="row">
                        <button class="btn primary" disabled=start.pending()>
                            <Icon name="play" />
                            "Start run"
                        </button>
                        <a class="btn" href="/templates">"Back"</a>
                    </div>
                </ActionForm>
            </section>
            {has_presets
                .then(|| {
                    html! {
                        <aside class="card pane presets" aria-labelledby="presets-title">
                            <h2 id="presets-title">"Recent parameters"</h2>
                            <ul>{presets}</ul>
                        </aside>
                    }
                })}
        </div>
    }
}

fn entered(refusal: &PageError, key: &str) -> Option<String> {
    refusal
        .entered
        .iter()
        .find(|(name, _)| name == key)
        .map(|(_, text)| text.clone())
}
