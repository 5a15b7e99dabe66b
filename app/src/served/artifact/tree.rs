//! JSON as a tree: which part, which slice, what is searched for.

use super::tree_draw::{Drawer, Wanted};
use super::{aside, bytes::Content};
use crate::api::PageError;
use crate::served::Ask;
use leptos::prelude::*;
use runs::artifacts::json::{Node, decoded, parse};

/// The tree, with what is asked of it.
pub(super) async fn draw(ask: &Ask, content: Content) -> Result<AnyView, PageError> {
    let wanted = Wanted {
        root: ask.query("root").unwrap_or_default().to_owned(),
        at: ask.query("at").unwrap_or_default().to_owned(),
        from: ask.query("from").and_then(|from| from.parse().ok()).unwrap_or(0),
        search: ask.query("q").map(str::to_lowercase),
        path: format!("/{}", ask.path().join("/")),
    };
    let (root, searched) = (wanted.root.clone(), wanted.search.is_some());
    let drawn = aside(move || {
        let node = parse(content.text())?;
        let (node, path) = find(&node, &wanted.root)?;
        Some((Drawer::draw(node, &wanted), path))
    })
    .await?;
    let Some((drawn, path)) = drawn else {
        return Err(PageError::new(
            404,
            "not_found",
            "There is nothing at this path.",
            Some("Look at the whole tree."),
        ));
    };
    let whole = format!("/{}?view=tree", ask.path().join("/"));
    let part = (!root.is_empty()).then(|| {
        html! {
            <p class="row tight">
                <code id="json-path" class="cut">{path.clone()}</code>
                <button type="button" class="btn sm" data-copy="json-path">"Copy path"</button>
                <a class="btn sm" href=whole.clone()>"Whole tree"</a>
            </p>
        }
    });
    let found = searched.then(|| {
        let words = match drawn.hits {
            0 => "Nothing has that in its name or value.".to_owned(),
            1 => "1 place found; only what leads to it is shown.".to_owned(),
            hits => format!("{hits} places found; only what leads to them is shown."),
        };
        html! { <p class="note" role="status">{words}</p> }
    });
    let cut = drawn.is_cut.then(|| {
        html! { <p class="note">"This is a large tree: open the paths of the parts that are closed to see them by themselves."</p> }
    });
    Ok(html! {
        <section class="card pane" aria-label="Tree">
            <form class="row bar question" method="get" action=format!("/{}", ask.path().join("/")) role="search" aria-label="In this tree">
                <input type="hidden" name="view" value="tree" />
                {(!root.is_empty()).then(|| html! { <input type="hidden" name="root" value=root.clone() /> })}
                <div class="form-field">
                    <label for="tree-q">"Name or value"</label>
                    <input id="tree-q" type="search" name="q" value=ask.query("q").unwrap_or_default().to_owned() autocomplete="off" />
                </div>
                <button class="btn">"Find"</button>
                {searched.then(|| html! { <a class="btn quiet" href=ask.address_with("q", None)>"Show all"</a> })}
            </form>
            {part} {found} {cut}
            <div class="tree" role="region" aria-label="Values" tabindex="0" inner_html=drawn.html></div>
        </section>
    })
}

/// The node that a JSON pointer leads to, and its path as people write it.
fn find<'n, 'a>(node: &'n Node<'a>, pointer: &str) -> Option<(&'n Node<'a>, String)> {
    let (mut node, mut path) = (node, "$".to_owned());
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        node = match node {
            Node::List(items) => {
                path = format!("{path}[{token}]");
                items.get(token.parse::<usize>().ok()?)?
            }
            Node::Fields(fields) => {
                path.push_str(&step(&token));
                let field = fields.iter().find(|(name, _)| decoded(name) == token.as_str());
                &field?.1
            }
            Node::Plain(_) | Node::Text(_) => return None,
        };
    }
    Some((node, path))
}

/// A name in a path: behind a point where it can stand there, in brackets otherwise.
fn step(name: &str) -> String {
    let is_word = name.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_')
        && name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    if is_word {
        format!(".{name}")
    } else {
        format!("[{}]", serde_json::Value::from(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_leads_to_its_value_and_is_told_as_a_path() {
        let node = parse(r#"{"a": [{"b/c": 123456789012345678901}]}"#).expect("JSON");
        let (found, path) = find(&node, "/a/0/b~1c").expect("there");
        assert_eq!(
            (found, path.as_str()),
            (&Node::Plain("123456789012345678901"), "$.a[0][\"b/c\"]")
        );
        assert_eq!(find(&node, "/a/1"), None);
    }
}
