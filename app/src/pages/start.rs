//! `/templates/{slug}/run`: the form that starts a template.

use crate::api::{PageError, StartRun, read_start_form};
use crate::components::late::{loaded, piece, text};
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
    let back = format!("/templates/{slug}");
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
    let problem = move |field: &'static str| {
        piece(move || {
            let problem = refusal.read().as_ref().and_then(|refusal| refusal.of_field(field));
            problem.map(|problem| html! { <p class="problem">{problem}</p> })
        })
    };
    let again = move |field: &'static str, first: &'static str| {
        text(move || {
            refusal
                .read()
                .as_ref()
                .and_then(|refusal| entered(refusal, field))
                .unwrap_or_else(|| first.to_owned())
        })
    };
    // The zone of who looks is known in the browser alone.
    let zone = NodeRef::<leptos::html::Input>::new();
    Effect::new(move |_| {
        if let Some(zone) = zone.get().filter(|zone| zone.value() == "UTC")
            && let Some(own) = own_zone()
        {
            zone.set_value(&own);
        }
    });
    html! {
        <Title text=format!("Start {}", form.template.title) />
        <PageHead title=form.template.title.clone() />
        <div class="page start">
            <section class="card pane">
                <p class="lead">{form.template.description}</p>
                {other}
                <ActionForm action=start>
                    <input type="hidden" name="slug" value=slug />
                    <input type="hidden" name="click" value=form.click />
                    {fields}
                    <details class="more">
                        <summary>"Lane, priority, time"</summary>
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
                                {problem("priority")} <p>"0 goes first; 100 when left empty."</p>
                            </div>
                        </div>
                        <div class="form-field">
                            <label for="run_after">"Not before"</label>
                            <input
                                type="datetime-local"
                                name="run_after"
                                id="run_after"
                                value=again("run_after", "")
                                aria-describedby="run_after-help"
                            />
                            <div id="run_after-help" class="help">
                                {problem("run_after")} <p>"Left empty it starts as soon as its lane lets it."</p>
                            </div>
                        </div>
                        <div class="form-field">
                            <label for="zone">"Time zone"</label>
                            <input
                                name="zone"
                                id="zone"
                                value=again("zone", "UTC")
                                node_ref=zone
                                autocomplete="off"
                                spellcheck="false"
                                aria-describedby="zone-help"
                            />
                            <div id="zone-help" class="help">
                                {problem("zone")} <p>"In which the time is meant, such as Europe/Paris."</p>
                            </div>
                        </div>
                    </details>
                    <div class="row">
                        <button class="btn primary" disabled=start.pending()>
                            <Icon name="play" />
                            "Start run"
                        </button>
                        <a class="btn" href=back>"Back"</a>
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

/// The zone of the browser's clock.
fn own_zone() -> Option<String> {
    let options = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new()).resolved_options();
    let zone = js_sys::Reflect::get(&options, &"timeZone".into()).ok()?;
    zone.as_string()
}

fn entered(refusal: &PageError, key: &str) -> Option<String> {
    refusal
        .entered
        .iter()
        .find(|(name, _)| name == key)
        .map(|(_, text)| text.clone())
}
