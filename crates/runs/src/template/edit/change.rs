//! What can be changed, said of values: the truth that every change of the text is held against.

use serde_json::{Map, Value};

/// Names and positions from the root, such as `steps`, `1`, `with`.
pub type Path = Vec<String>;

/// One change of a template.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// The value at a place becomes this one; what is missing on the way there is made.
    Set(Path, Value),
    /// What stands at a place goes.
    Remove(Path),
    /// A name becomes another.
    Rename(Path, String),
    /// An item comes into a list, before the one at this position.
    Insert(Path, usize, Value),
    /// The entry at one position of a list, or of the names of a map, comes to another.
    Move(Path, usize, usize),
}

/// `/steps/1/with` as names; a slash in a name is written `~1`, a tilde `~0`.
pub fn path_of(pointer: &str) -> Path {
    let parts = pointer.split('/').skip(1);
    parts.map(|part| part.replace("~1", "/").replace("~0", "~")).collect()
}

/// Names as `/steps/1/with`.
pub fn pointer_of<T: AsRef<str>>(path: &[T]) -> String {
    let part = |part: &T| format!("/{}", part.as_ref().replace('~', "~0").replace('/', "~1"));
    path.iter().map(part).collect()
}

/// The changes that make `to` of `from`: as few and as small as can be, so that what stays keeps its place.
pub fn between(from: &Value, to: &Value, at: &[String]) -> Vec<Change> {
    let inside = |name: String| [at, &[name]].concat();
    match (from, to) {
        (from, to) if from == to => Vec::new(),
        (Value::Object(old), Value::Object(new)) => {
            let gone = old.keys().filter(|key| !new.contains_key(*key));
            let mut changes: Vec<Change> = gone.map(|key| Change::Remove(inside(key.clone()))).collect();
            changes.extend(new.iter().flat_map(|(key, value)| match old.get(key) {
                Some(known) => between(known, value, &inside(key.clone())),
                None => vec![Change::Set(inside(key.clone()), value.clone())],
            }));
            changes
        }
        (Value::Array(old), Value::Array(new)) => {
            let shared = old.len().min(new.len());
            let mut changes: Vec<Change> = (shared..old.len())
                .rev()
                .map(|at| Change::Remove(inside(at.to_string())))
                .collect();
            changes.extend((0..shared).flat_map(|at| between(&old[at], &new[at], &inside(at.to_string()))));
            let added =
                (shared..new.len()).map(|position| Change::Insert(at.to_vec(), position, new[position].clone()));
            changes.extend(added);
            changes
        }
        _ => vec![Change::Set(at.to_vec(), to.clone())],
    }
}

/// Does `change` to `value`; `None` when there is no such place.
pub(super) fn change_value(value: &mut Value, change: &Change) -> Option<()> {
    match change {
        Change::Set(path, new) => {
            let mut at = value;
            for name in path {
                if at.is_null() {
                    *at = Value::Object(Map::new());
                }
                at = match at {
                    Value::Object(map) => map.entry(name.clone()).or_insert(Value::Null),
                    Value::Array(items) => items.get_mut(name.parse::<usize>().ok()?)?,
                    _ => return None,
                };
            }
            *at = new.clone();
        }
        Change::Remove(path) => {
            let (name, parent) = path.split_last()?;
            match find(value, parent)? {
                Value::Object(map) => drop(map.remove(name)?),
                Value::Array(items) => {
                    let position: usize = name.parse().ok()?;
                    items.get(position)?;
                    items.remove(position);
                }
                _ => return None,
            }
        }
        Change::Rename(path, new) => {
            let (name, parent) = path.split_last()?;
            let map = find(value, parent)?.as_object_mut()?;
            if map.contains_key(new) {
                return None;
            }
            let moved = map.remove(name)?;
            map.insert(new.clone(), moved);
        }
        Change::Insert(path, position, new) => match find(value, path)? {
            Value::Array(items) if *position <= items.len() => items.insert(*position, new.clone()),
            _ => return None,
        },
        Change::Move(path, from, to) => match find(value, path)? {
            Value::Array(items) if *from < items.len() && *to < items.len() => {
                let moved = items.remove(*from);
                items.insert(*to, moved);
            }
            // The order of names is no part of the value.
            Value::Object(map) if *from < map.len() && *to < map.len() => {}
            _ => return None,
        },
    }
    Some(())
}

fn find<'v>(value: &'v mut Value, path: &[String]) -> Option<&'v mut Value> {
    path.iter().try_fold(value, |at, name| match at {
        Value::Object(map) => map.get_mut(name),
        Value::Array(items) => items.get_mut(name.parse::<usize>().ok()?),
        _ => None,
    })
}
