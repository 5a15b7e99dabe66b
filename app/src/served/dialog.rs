//! Dialogs of served pages, and the fields of the forms in them: a page has many, so each form has ids of its own.

use super::text_area::TextArea;
use leptos::prelude::*;

/// A field: what it is called, and what to know about it.
#[derive(Clone, Copy)]
pub(super) struct Field<'a> {
    /// Begins the ids, so that two forms of a page do not share one.
    pub(super) form: &'a str,
    /// Name under which it is sent.
    pub(super) name: &'a str,
    /// What people call it.
    pub(super) label: &'a str,
    /// What to know about it; may be empty.
    pub(super) help: &'a str,
}

impl Field<'_> {
    /// One line: `text`, `email`, `password` or `date`.
    pub(super) fn line(self, kind: &'static str, value: &str, required: bool) -> AnyView {
        let (id, help) = (self.id(), self.help_id());
        let auto = if kind == "password" { "new-password" } else { "off" };
        self.around(html! {
            <input
                type=kind
                id=id
                name=self.name.to_owned()
                value=value.to_owned()
                required=required
                autocomplete=auto
                aria-describedby=help
            />
        })
    }

    /// A whole number; empty when there is none.
    pub(super) fn number(self, value: Option<i32>, (lowest, highest): (i32, i32)) -> AnyView {
        let (id, help) = (self.id(), self.help_id());
        self.around(html! {
            <input
                type="number"
                id=id
                name=self.name.to_owned()
                value=value.map(|value| value.to_string())
                min=lowest.to_string()
                max=highest.to_string()
                aria-describedby=help
            />
        })
    }

    /// Several lines; `veiled` shows dots.
    pub(super) fn area(self, value: &str, veiled: bool) -> AnyView {
        let (id, help) = (self.id(), self.help_id());
        self.around(html! {
            <div class=if veiled { "veiled" } else { "" }>
                <TextArea
                    name=self.name.to_owned()
                    id=id
                    value=Signal::stored(value.to_owned())
                    required=veiled
                    described_by=help.unwrap_or_default()
                    invalid=Signal::stored(false)
                    rows=3
                />
            </div>
        })
    }

    /// One of some words.
    pub(super) fn choice(self, words: &[(&str, &str)], chosen: &str) -> AnyView {
        let (id, help) = (self.id(), self.help_id());
        let words = words
            .iter()
            .map(|(word, label)| {
                html! { <option value=(*word).to_owned() selected=*word == chosen>{(*label).to_owned()}</option> }
            })
            .collect_view();
        self.around(html! { <select id=id name=self.name.to_owned() aria-describedby=help>{words}</select> })
    }

    fn around(self, control: AnyView) -> AnyView {
        let help = self
            .help_id()
            .map(|id| html! { <p class="help" id=id>{self.help.to_owned()}</p> });
        html! {
            <div class="form-field">
                <label for=self.id()>{self.label.to_owned()}</label>
                {control}
                {help}
            </div>
        }
    }

    fn id(self) -> String {
        let name: String = self.name.chars().filter(char::is_ascii_alphanumeric).collect();
        format!("{}-{name}", self.form)
    }

    fn help_id(self) -> Option<String> {
        (!self.help.is_empty()).then(|| format!("{}-help", self.id()))
    }
}

/// A value that a form sends along.
pub(super) fn hidden(name: &'static str, value: impl Into<String>) -> AnyView {
    html! { <input type="hidden" name=name value=value.into() /> }
}

/// A button and the dialog that it opens. Without any script it opens, too.
pub(super) struct Dialog {
    /// Id of the dialog; the button is `ID-open`.
    pub(super) id: String,
    /// What the button says.
    pub(super) button: &'static str,
    /// What the dialog is about; the button is called so where there are many.
    pub(super) title: String,
    /// Further classes of the button.
    pub(super) class: &'static str,
}

impl Dialog {
    /// Draws it around `body`.
    pub(super) fn draw(self, body: AnyView) -> AnyView {
        let Self {
            id,
            button,
            title,
            class,
        } = self;
        html! {
            <button
                type="button"
                class=format!("btn {class}")
                id=format!("{id}-open")
                popovertarget=id.clone()
                aria-label=title.clone()
            >
                {button}
            </button>
            <div popover="auto" id=id class="dialog ask" role="dialog" aria-label=title.clone()>
                <h2>{title.clone()}</h2>
                {body}
            </div>
        }
    }
}
