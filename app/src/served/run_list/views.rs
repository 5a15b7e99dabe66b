//! Views: filters with a name, those that everybody has and those that people saved.

use super::Asked;
use super::asked::address_of;
use crate::components::Icon;
use crate::served::{Ask, parts::refusal};
use db::views::ViewRow;
use domain::{
    Role,
    filter::{Filter, VIEWS},
};
use leptos::prelude::*;

/// Title of the page: the view that it shows.
pub(super) fn title(asked: &Asked, saved: &[ViewRow]) -> String {
    let plain = asked.filter.plain();
    let built_in = VIEWS.iter().find(|view| view.filter() == plain).map(|view| view.title);
    match (built_in, current(asked, saved)) {
        (Some("All"), None) => "Runs".to_owned(),
        (_, Some(view)) => format!("Runs: {}", view.name),
        (Some(name), None) => format!("Runs: {name}"),
        (None, None) => "Runs, filtered".to_owned(),
    }
}

/// The saved view whose words the filter says.
fn current<'a>(asked: &Asked, saved: &'a [ViewRow]) -> Option<&'a ViewRow> {
    let plain = asked.filter.plain();
    saved.iter().find(|view| Filter::parse(&view.query).plain() == plain)
}

/// A row of links, one per view, and what can be done with the present one.
pub(super) fn tabs(asked: &Asked, saved: &[ViewRow], ask: &Ask) -> AnyView {
    let plain = asked.filter.plain();
    let present = current(asked, saved);
    let link = |href: String, name: String, is_here: bool| {
        html! { <a href=href aria-current=is_here.then_some("page")>{name}</a> }
    };
    let built_in = VIEWS
        .iter()
        .map(|view| {
            let filter = Filter {
                cols: asked.filter.cols.clone(),
                ..view.filter()
            };
            link(
                address_of(&filter),
                view.title.to_owned(),
                present.is_none() && filter.plain() == plain,
            )
        })
        .collect_view();
    let own = saved
        .iter()
        .map(|view| {
            let is_here = present.is_some_and(|present| present.view_id == view.view_id);
            link(address_of(&Filter::parse(&view.query)), view.name.clone(), is_here)
        })
        .collect_view();
    let may_change = |view: &ViewRow| view.is_mine || (view.is_shared && ask.claims.role == Role::Admin);
    let act = match present {
        Some(view) if may_change(view) => edit(view, asked),
        None if asked.filter.is_narrow() => save(asked, ask),
        Some(_) | None => ().into_any(),
    };
    html! {
        <div class="row views">
            <nav class="tabs" aria-label="Views">{built_in} {own}</nav>
            <span class="grow"></span>
            {act}
        </div>
    }
}

fn save(asked: &Asked, ask: &Ask) -> AnyView {
    let may_share = ask.claims.role.reaches(Role::Planner);
    html! {
        <button type="button" class="btn sm" id="save-view-open" popovertarget="save-view">"Save view"</button>
        <div popover="auto" id="save-view" class="dialog ask" role="dialog" aria-label="Save view">
            <form method="post" action="/fn/save_view" data-done="The view is saved.">
                <p class="strong">"Keep this filter under a name"</p>
                {refusal()}
                <input type="hidden" name="query" value=asked.filter.to_string() />
                <div class="form-field">
                    <label for="view-name">"Name"</label>
                    <input id="view-name" name="name" required=true maxlength="60" autocomplete="off" />
                </div>
                {may_share.then(|| html! {
                    <label class="check"><input type="checkbox" name="shared" value="true" /> "Share it with everybody"</label>
                })}
                <button class="btn primary">"Save view"</button>
            </form>
        </div>
    }
}

fn edit(view: &ViewRow, asked: &Asked) -> AnyView {
    let id = view.view_id.to_string();
    let label = format!("Change the view {}", view.name);
    html! {
        <button type="button" class="btn sm" id="edit-view-open" popovertarget="edit-view" aria-label=label.clone()>
            "Change view"
        </button>
        <div popover="auto" id="edit-view" class="dialog ask" role="dialog" aria-label=label>
            <form method="post" action="/fn/save_view" data-done="The view is changed.">
                {refusal()}
                <input type="hidden" name="view_id" value=id.clone() />
                <input type="hidden" name="query" value=asked.filter.to_string() />
                <div class="form-field">
                    <label for="view-name">"Name"</label>
                    <input id="view-name" name="name" value=view.name.clone() required=true maxlength="60" autocomplete="off" />
                </div>
                <label class="check">
                    <input type="checkbox" name="shared" value="true" checked=view.is_shared />
                    "Share it with everybody"
                </label>
                <button class="btn primary">"Save changes"</button>
            </form>
            <form method="post" action="/fn/delete_view" data-done="The view is deleted.">
                {refusal()}
                <input type="hidden" name="view_id" value=id />
                <button class="btn danger">
                    <Icon name="cross" />
                    "Delete view"
                </button>
            </form>
        </div>
    }
}
