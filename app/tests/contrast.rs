//! Every ink is readable on every ground it stands on, in both themes, by the arithmetic of WCAG 2.2.

#![allow(clippy::unwrap_used, reason = "a test may stop at what should not be")]

use std::{collections::HashMap, fs, path::Path};

/// Text: 4.5 to 1.
const TEXT: &[(&str, &[&str])] = &[
    (
        "ink",
        &[
            "bg",
            "bg-sunken",
            "bg-raised",
            "bg-hover",
            "bg-selected",
            "bad-soft",
            "warn-soft",
        ],
    ),
    ("ink-2", &["bg", "bg-sunken", "bg-raised", "bg-hover", "bg-selected"]),
    ("ink-3", &["bg", "bg-sunken", "bg-hover"]),
    ("accent", &["bg", "bg-selected", "bg-hover"]),
    ("on-accent", &["accent"]),
    ("ok", &["bg", "bg-sunken", "bg-hover", "ok-soft"]),
    ("warn", &["bg", "bg-sunken", "bg-hover", "bg-selected", "warn-soft"]),
    ("bad", &["bg", "bg-sunken", "bg-hover", "bg-selected", "bad-soft"]),
    ("run", &["bg", "bg-sunken", "bg-hover", "run-soft"]),
    ("wait", &["bg", "bg-sunken", "bg-hover", "wait-soft"]),
    ("idle", &["bg", "bg-sunken", "bg-hover", "idle-soft"]),
    ("cyan", &["bg", "bg-hover"]),
    ("on-mark", &["mark"]),
];

/// Outlines of controls, focus rings and bars that carry meaning: 3 to 1.
const SHAPES: &[(&str, &[&str])] = &[
    ("line-strong", &["bg", "bg-sunken", "bg-raised"]),
    ("accent", &["bg", "bg-sunken", "bg-raised"]),
    ("ok", &["bg", "line"]),
    ("bad", &["bg", "line"]),
    ("run", &["bg", "line"]),
    ("warn", &["line"]),
];

type Colour = [f64; 3];

#[test]
fn text_has_four_and_a_half_to_one() {
    let wrong = below(TEXT, 4.5);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn outlines_and_bars_have_three_to_one() {
    let wrong = below(SHAPES, 3.0);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_tokens_name_colours() {
    let mut wrong = Vec::new();
    for file in styles(&style_root())
        .into_iter()
        .filter(|file| !file.ends_with("tokens.css"))
    {
        for (at, line) in fs::read_to_string(&file).unwrap().lines().enumerate() {
            let named = ["rgb(", "hsl(", "oklch("].iter().any(|word| line.contains(word));
            let hex = line
                .split('#')
                .skip(1)
                .any(|rest| rest.len() >= 3 && rest.bytes().take(3).all(|byte| byte.is_ascii_hexdigit()));
            if named || hex {
                wrong.push(format!("{}:{}: {}", file.display(), at + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn below(pairs: &[(&str, &[&str])], least: f64) -> Vec<String> {
    let themes = themes();
    let mut wrong = Vec::new();
    for (theme, colours) in [("light", &themes.0), ("dark", &themes.1)] {
        for (ink, grounds) in pairs {
            for ground in *grounds {
                let ratio = contrast(colours[*ink], colours[*ground]);
                if ratio < least {
                    wrong.push(format!("{theme}: {ink} on {ground} is {ratio:.2}, needs {least}"));
                }
            }
        }
    }
    wrong
}

/// The colours of both themes by token, light first.
fn themes() -> (HashMap<String, Colour>, HashMap<String, Colour>) {
    let (mut light, mut dark) = (HashMap::new(), HashMap::new());
    for line in fs::read_to_string(style_root().join("tokens.css")).unwrap().lines() {
        let Some((name, value)) = line
            .trim()
            .strip_prefix("--")
            .and_then(|rest| rest.split_once(": light-dark(#"))
        else {
            continue;
        };
        let (first, second) = value.trim_end_matches(");").split_once(", #").unwrap();
        light.insert(name.to_owned(), colour(first));
        dark.insert(name.to_owned(), colour(second));
    }
    (light, dark)
}

fn colour(hex: &str) -> Colour {
    [0, 2, 4].map(|at| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0)
}

fn contrast(one: Colour, other: Colour) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: Colour) -> f64 {
    let [red, green, blue] = colour.map(|part| {
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn style_root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../style")
}

fn styles(root: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(styles(&path));
        } else if path.extension().is_some_and(|ext| ext == "css") {
            found.push(path);
        }
    }
    found
}
