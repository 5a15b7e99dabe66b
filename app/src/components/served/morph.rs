//! Drawn HTML is put in place of what stands there, node by node: what did not change stays the very same node, with its
//! focus, its caret and its open list of choices.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement, Node};

/// Makes the inside of `place` what `html` says. `keep` says of which field what somebody typed stays.
pub(super) fn put(place: &Element, html: &str, keep: &dyn Fn(&Element) -> bool) {
    if let Ok(drawn) = document().create_element("div") {
        drawn.set_inner_html(html);
        children(place, &drawn, keep);
    }
}

fn children(old: &Node, new: &Node, keep: &dyn Fn(&Element) -> bool) {
    let mut known = old.first_child();
    let mut drawn = new.first_child();
    while let Some(node) = drawn {
        drawn = node.next_sibling();
        match known {
            Some(same) if is_same(&same, &node) => {
                known = same.next_sibling();
                one(&same, &node, keep);
            }
            Some(other) => {
                known = other.next_sibling();
                let _ = old.replace_child(&node, &other);
            }
            None => {
                let _ = old.append_child(&node);
            }
        }
    }
    while let Some(node) = known {
        known = node.next_sibling();
        let _ = old.remove_child(&node);
    }
}

fn is_same(old: &Node, new: &Node) -> bool {
    let id = |node: &Node| node.dyn_ref::<Element>().map(Element::id);
    old.node_name() == new.node_name() && id(old) == id(new)
}

fn one(old: &Node, new: &Node, keep: &dyn Fn(&Element) -> bool) {
    let (Some(old), Some(new)) = (old.dyn_ref::<Element>(), new.dyn_ref::<Element>()) else {
        if old.node_value() != new.node_value() {
            old.set_node_value(new.node_value().as_deref());
        }
        return;
    };
    // What somebody opened or closed stays so.
    let names = |element: &Element| {
        let names = element.get_attribute_names().into_iter();
        names.filter_map(|name| name.as_string()).filter(|name| name != "open")
    };
    for name in names(old).filter(|name| !new.has_attribute(name)) {
        let _ = old.remove_attribute(&name);
    }
    for name in names(new) {
        let value = new.get_attribute(&name).unwrap_or_default();
        if old.get_attribute(&name).as_deref() != Some(&value) {
            let _ = old.set_attribute(&name, &value);
        }
    }
    // Choices that are new move over, the chosen one with them.
    let chosen = new.dyn_ref::<HtmlSelectElement>().map(HtmlSelectElement::value);
    children(old, new, keep);
    if keep(old) {
        return;
    }
    if let (Some(old), Some(new)) = (old.dyn_ref::<HtmlInputElement>(), new.dyn_ref::<HtmlInputElement>()) {
        old.set_checked(new.checked());
        if old.value() != new.value() {
            old.set_value(&new.value());
        }
    } else if let (Some(old), Some(new)) = (
        old.dyn_ref::<HtmlTextAreaElement>(),
        new.dyn_ref::<HtmlTextAreaElement>(),
    ) {
        if old.value() != new.value() {
            old.set_value(&new.value());
        }
    } else if let (Some(old), Some(chosen)) = (old.dyn_ref::<HtmlSelectElement>(), chosen) {
        old.set_value(&chosen);
    }
}
