//! The one multi-line input. A dynamic child of `<textarea>` would be written unescaped by the server, so nobody else
//! writes that tag.

use crate::components::late::{maybe, text};
use leptos::prelude::*;

/// Several lines of text.
#[component]
pub(crate) fn TextArea(
    /// Name in the form.
    name: String,
    /// Id for its label.
    id: String,
    /// What it holds.
    #[prop(into)]
    value: Signal<String>,
    /// Whether it must be filled.
    required: bool,
    /// Ids of what describes it.
    described_by: String,
    /// Whether it was refused.
    #[prop(into)]
    invalid: Signal<bool>,
    /// Rows shown.
    rows: u32,
) -> impl IntoView {
    html! {
        <textarea
            name=name
            id=id
            rows=rows
            required=required
            aria-describedby=described_by
            aria-invalid=maybe(move || invalid.get().then_some("true"))
            prop:value=text(move || value.get())
        >
            {initial(&value.get_untracked())}
        </textarea>
    }
}

/// What the server writes between the tags. The browser sets the property and needs the same text node.
fn initial(text: &str) -> String {
    if cfg!(feature = "ssr") {
        escape(text)
    } else {
        text.to_owned()
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_text_cannot_close_its_tag() {
        assert_eq!(super::escape("</textarea><script>"), "&lt;/textarea&gt;&lt;script&gt;");
    }
}
