//! Fields of forms that the server draws: label, control, help, what is wrong.
//!
//! [`Filled`] knows what stands in the form: what was entered when it was refused or sent around for a preview, else
//! what is stored.

use super::Ask;
use crate::api::PageError;
use crate::served::{field::Field, text_area::TextArea};
use crate::views::FieldView;
use leptos::prelude::*;

/// Present in the question of a form that was sent around to be drawn again, not to be saved.
pub(super) const AGAIN: &str = "again";

/// What stands in a form.
pub(super) struct Filled {
    values: Vec<(String, String)>,
    refused: Option<PageError>,
}

impl Filled {
    /// What was entered, or what `stored` says when nothing was.
    pub(super) fn of(ask: &Ask, stored: impl FnOnce() -> Vec<(String, String)>) -> Self {
        let refused = ask.refused();
        let entered = refused.as_ref().map(|refused| refused.entered.clone());
        let values = match entered.filter(|entered| !entered.is_empty()) {
            Some(entered) => entered,
            None if ask.query(AGAIN).is_some() => ask.pairs().to_vec(),
            None => stored(),
        };
        Self { values, refused }
    }

    /// What a field holds.
    pub(super) fn value(&self, name: &str) -> String {
        let found = self.values.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// Whether a box is ticked.
    pub(super) fn is_on(&self, name: &str) -> bool {
        matches!(self.value(name).as_str(), "true" | "on")
    }

    fn problem(&self, name: &str) -> Option<String> {
        self.refused.as_ref().and_then(|refused| refused.of_field(name))
    }

    /// A field that stands for itself.
    pub(super) fn entry(&self, name: &'static str, label: &'static str) -> Entry<'_> {
        Entry {
            filled: self,
            name,
            label,
            help: "",
            required: false,
        }
    }

    /// A field of a schema, sent as `p[key]`.
    pub(super) fn param(&self, field: FieldView) -> AnyView {
        let name = format!("p[{}]", field.key);
        let (value, problem) = (self.value(&name), self.problem(&name));
        html! { <Field field=field value=Signal::stored(value) problem=Signal::stored(problem) /> }
    }
}

/// One field before it is drawn.
pub(super) struct Entry<'a> {
    filled: &'a Filled,
    name: &'static str,
    label: &'static str,
    help: &'static str,
    required: bool,
}

impl Entry<'_> {
    /// What to enter.
    pub(super) fn help(self, help: &'static str) -> Self {
        Self { help, ..self }
    }

    /// It must be filled.
    pub(super) fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// One line.
    pub(super) fn line(self) -> AnyView {
        self.input("text", None)
    }

    /// One line with suggestions.
    pub(super) fn line_of(self, list: &'static str) -> AnyView {
        self.input("text", Some(list))
    }

    /// A whole number.
    pub(super) fn number(self, least: i32, most: i32) -> AnyView {
        let input = html! {
            <input
                type="number" step="1" min=least max=most name=self.name id=self.name required=self.required
                aria-describedby=self.help_id() aria-invalid=self.invalid() value=self.value()
            />
        };
        self.framed(input)
    }

    /// A line of another kind, such as `time`, `url`, `password`.
    pub(super) fn of_type(self, kind: &'static str) -> AnyView {
        self.input(kind, None)
    }

    /// Several lines.
    pub(super) fn lines(self, rows: u32) -> AnyView {
        let input = html! {
            <TextArea
                name=self.name.to_owned() id=self.name.to_owned() value=Signal::stored(self.value())
                required=self.required described_by=self.help_id() invalid=Signal::stored(self.problem().is_some()) rows=rows
            />
        };
        self.framed(input)
    }

    /// One of `choices`: value, words.
    pub(super) fn choice(self, choices: Vec<(String, String)>) -> AnyView {
        let chosen = self.value();
        let choices = choices
            .into_iter()
            .map(|(value, words)| {
                let selected = value == chosen;
                html! { <option value=value selected=selected>{words}</option> }
            })
            .collect_view();
        let input = html! {
            <select name=self.name id=self.name aria-describedby=self.help_id() aria-invalid=self.invalid()>{choices}</select>
        };
        self.framed(input)
    }

    /// Yes or no.
    pub(super) fn flag(self) -> AnyView {
        let is_on = self.filled.is_on(self.name);
        html! {
            <div class="form-field">
                <div class="check">
                    <input type="checkbox" name=self.name id=self.name value="true" checked=is_on aria-describedby=self.help_id() />
                    <label for=self.name>{self.label}</label>
                </div>
                {self.below()}
            </div>
        }
    }

    fn input(self, kind: &'static str, list: Option<&'static str>) -> AnyView {
        let input = html! {
            <input
                type=kind name=self.name id=self.name list=list required=self.required autocomplete="off"
                aria-describedby=self.help_id() aria-invalid=self.invalid() value=self.value()
            />
        };
        self.framed(input)
    }

    fn framed(&self, input: AnyView) -> AnyView {
        let needed = self.required.then(|| html! { <span class="needed">" required"</span> });
        html! {
            <div class="form-field">
                <label for=self.name>{self.label} {needed}</label>
                {input} {self.below()}
            </div>
        }
    }

    fn below(&self) -> AnyView {
        let problem = self.problem().map(|problem| html! { <p class="problem">{problem}</p> });
        html! { <div id=self.help_id() class="help">{problem} <p>{self.help}</p></div> }
    }

    fn help_id(&self) -> String {
        format!("{}-help", self.name)
    }

    fn value(&self) -> String {
        self.filled.value(self.name)
    }

    fn problem(&self) -> Option<String> {
        self.filled.problem(self.name)
    }

    fn invalid(&self) -> Option<&'static str> {
        self.problem().map(|_| "true")
    }
}
