//! The browser's side of a page that the server draws: shows it, and keeps it alive.
//!
//! The first page is in the document already. Later ones are fetched; forms go out without a reload and what is wrong
//! with them is said in place; a page that asks for it is drawn again every few seconds, unless somebody is about to
//! do something on it. How such pages are made is told in `app/src/served`.

mod copy;
mod drafts;
mod editor;
mod forms;
mod morph;
pub(super) mod refresh;

pub(crate) use refresh::tick_ages;

use crate::api::{PageError, draw_page};
use crate::components::ErrorPanel;
use crate::components::late::loaded;
use crate::components::toasts::use_toasts;
use crate::views::{Sent, ServedView};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

/// Counts up when the page is to be drawn again; for pages that know themselves when.
#[derive(Clone, Copy)]
pub(crate) struct Redraw(pub(crate) RwSignal<u32>);

/// The page at the present address, as the server draws it.
#[component]
pub(crate) fn ServedPage() -> impl IntoView {
    let redraw = use_context::<Redraw>().map_or_else(|| RwSignal::new(0), |redraw| redraw.0);
    let location = use_location();
    let address = Memo::new(move |_| {
        let (path, query) = (location.pathname.read(), location.search.read());
        if query.is_empty() {
            path.clone()
        } else {
            format!("{}?{}", *path, query.trim_start_matches('?'))
        }
    });
    let forms = forms::Forms::new(redraw);
    refresh::keep(redraw);
    let typed = StoredValue::new(0_u32);
    let toasts = use_toasts();
    let drawn = Drawn::new(address);
    loaded(move || {
        redraw.track();
        let (forms, drawn) = (forms.clone(), drawn.view());
        async move {
            let view = match in_document() {
                Some(view) => view,
                None => match drawn.await {
                    Ok(Sent(view)) => view,
                    Err(error) => return html! { <div class="page"><ErrorPanel error=error /></div> },
                },
            };
            refresh::keep_focus();
            let drawn = cfg!(feature = "ssr").then_some("");
            let (typing, entering) = (forms.editor.clone(), forms.editor.clone());
            html! {
                <Title text=view.title.clone() />
                <div
                    class="served"
                    data-drawn=drawn
                    data-title=view.title
                    inner_html=view.html
                    on:submit=move |event| forms.submitted(&event)
                    on:input=move |event| {
                        drafts::changed(&event, typed);
                        typing.typed(&event);
                    }
                    on:change=move |event| entering.entered(&event)
                    on:click=move |event| {
                        copy::pressed(&event, toasts);
                        editor::clicked(&event);
                    }
                ></div>
            }
        }
    })
}

type Answer = Result<Sent<ServedView>, PageError>;

/// The page of an address, asked for whenever the address changes.
#[cfg(not(feature = "ssr"))]
#[derive(Clone, Copy)]
struct Drawn(Memo<String>);

#[cfg(not(feature = "ssr"))]
impl Drawn {
    fn new(address: Memo<String>) -> Self {
        Self(address)
    }

    fn view(&self) -> impl Future<Output = Answer> + use<> {
        draw_page(self.0.get())
    }
}

/// The page of an address. The server makes a view more than once before it sends it; the page is drawn once.
#[cfg(feature = "ssr")]
#[derive(Clone)]
struct Drawn(futures::future::Shared<futures::future::BoxFuture<'static, Answer>>);

#[cfg(feature = "ssr")]
impl Drawn {
    fn new(address: Memo<String>) -> Self {
        use futures::FutureExt;
        Self(draw_page(address.get_untracked()).boxed().shared())
    }

    fn view(&self) -> impl Future<Output = Answer> + use<> {
        self.0.clone()
    }
}

/// What the server wrote into the document, once: its HTML stays where it is.
#[cfg(feature = "hydrate")]
fn in_document() -> Option<ServedView> {
    let element = document().query_selector(".served[data-drawn]").ok()??;
    let _ = element.remove_attribute("data-drawn");
    Some(ServedView {
        title: element.get_attribute("data-title").unwrap_or_default(),
        html: element.inner_html(),
    })
}

#[cfg(not(feature = "hydrate"))]
fn in_document() -> Option<ServedView> {
    None
}
