//! A difference between two texts, drawn from what `diff -u` would print.

use leptos::prelude::*;

/// One row: the line on either side, if it stands there. A row without either is a gap.
type Row<'d> = (Option<Line<'d>>, Option<Line<'d>>);
type Line<'d> = (usize, &'d str);

/// The difference; `split` draws both sides beside each other.
pub(super) fn draw(unified: &str, names: &[String; 2], split: bool) -> AnyView {
    let rows = rows(unified);
    let drawn = if split {
        rows.into_iter().map(beside).collect_view()
    } else {
        below(&rows).collect_view()
    };
    let headings = if split {
        html! { <th scope="col" colspan="2">{names[0].clone()}</th><th scope="col" colspan="2">{names[1].clone()}</th> }
    } else {
        html! { <th scope="col">"Old"</th><th scope="col">"New"</th><th scope="col">"Text"</th> }
    };
    html! {
        <div class="card table-frame diff" role="region" aria-label="Changes" tabindex="0">
            <table class:split=split>
                <thead>
                    <tr>{headings}</tr>
                </thead>
                <tbody>{drawn}</tbody>
            </table>
        </div>
    }
}

/// The lines of both sides; those that were taken away stand beside those that came instead.
fn rows(unified: &str) -> Vec<Row<'_>> {
    let (mut rows, mut old, mut new) = (Vec::new(), 0, 0);
    let mut open = 0;
    for line in unified.lines().skip_while(|line| !line.starts_with("@@")) {
        if let Some(places) = line.strip_prefix("@@ ") {
            if !rows.is_empty() {
                rows.push((None, None));
            }
            let mut starts = places.split(' ').filter_map(|place| {
                let number = place.get(1..)?.split(',').next()?;
                number.parse::<usize>().ok()
            });
            (old, new) = (starts.next().unwrap_or(1), starts.next().unwrap_or(1));
            open = rows.len();
        } else if let Some(text) = line.strip_prefix('-') {
            rows.push((Some((old, text)), None));
            old += 1;
        } else if let Some(text) = line.strip_prefix('+') {
            match rows[open..].iter_mut().find(|row: &&mut Row<'_>| row.1.is_none()) {
                Some(row) => row.1 = Some((new, text)),
                None => rows.push((None, Some((new, text)))),
            }
            new += 1;
        } else if let Some(text) = line.strip_prefix(' ') {
            rows.push((Some((old, text)), Some((new, text))));
            (old, new) = (old + 1, new + 1);
            open = rows.len();
        }
    }
    rows
}

fn is_same(row: &Row<'_>) -> bool {
    matches!(row, (Some((_, old)), Some((_, new))) if old == new)
}

fn beside(row: Row<'_>) -> AnyView {
    let is_same = is_same(&row);
    let side = |line: Option<Line<'_>>, class: &'static str, sign: &'static str| match line {
        Some((number, text)) => {
            let class = if is_same { "" } else { class };
            let sign = if is_same { " " } else { sign };
            html! { <td class="r">{number}</td><td class=class>{format!("{sign}{text}")}</td> }
        }
        None => html! { <td class="r"></td><td class="gap"></td> },
    };
    html! { <tr>{side(row.0, "gone", "−")} {side(row.1, "came", "+")}</tr> }
}

/// Of each change what went, then what came.
fn below<'r>(rows: &'r [Row<'r>]) -> impl Iterator<Item = AnyView> + 'r {
    let line = |old: Option<usize>, new: Option<usize>, class: &'static str, text: String| {
        html! { <tr><td class="r">{old}</td><td class="r">{new}</td><td class=class>{text}</td></tr> }
    };
    rows.chunk_by(|one, next| is_same(one) == is_same(next))
        .flat_map(move |chunk| {
            let mut drawn = Vec::new();
            if chunk.first().is_some_and(is_same) {
                for row in chunk {
                    if let (Some((old, text)), Some((new, _))) = row {
                        drawn.push(line(Some(*old), Some(*new), "", format!(" {text}")));
                    }
                }
                return drawn;
            }
            for change in chunk.split(|row| *row == (None, None)) {
                if !drawn.is_empty() || chunk.first() == Some(&(None, None)) {
                    drawn.push(line(None, None, "gap", "…".to_owned()));
                }
                let gone = change.iter().filter_map(|row| row.0);
                drawn.extend(gone.map(|(number, text)| line(Some(number), None, "gone", format!("−{text}"))));
                let came = change.iter().filter_map(|row| row.1);
                drawn.extend(came.map(|(number, text)| line(None, Some(number), "came", format!("+{text}"))));
            }
            drawn
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_stands_beside_what_went() {
        let unified =
            "--- a\n+++ b\n@@ -3,4 +3,4 @@\n same\n-old one\n-old two\n+new one\n end\n@@ -20 +20,2 @@\n x\n+y\n";
        assert_eq!(
            rows(unified),
            [
                (Some((3, "same")), Some((3, "same"))),
                (Some((4, "old one")), Some((4, "new one"))),
                (Some((5, "old two")), None),
                (Some((6, "end")), Some((5, "end"))),
                (None, None),
                (Some((20, "x")), Some((20, "x"))),
                (None, Some((21, "y"))),
            ]
        );
    }
}
