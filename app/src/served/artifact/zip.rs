//! A ZIP archive: what is inside, and single small texts of it.

use super::zip_list::{Entry, LARGEST_LIST, LISTED, TAIL, data_offset, entries, place};
use super::{Known, bytes, source, store};
use crate::api::PageError;
use crate::render::{Language, highlighted};
use crate::served::Ask;
use crate::served::parts::{bytes as words, pill, table};
use leptos::prelude::*;
use runs::artifacts::{Store, sniff};
use std::io::Read;

/// Largest entry that is shown, packed or unpacked.
const LARGEST_TEXT: u64 = 512 * 1024;
/// What unpacks to more than this times its size is marked.
const SUSPICIOUS: u64 = 100;

/// The list; with `?entry=` the text of one entry.
pub(super) async fn draw(ask: &Ask, known: &Known) -> Result<AnyView, PageError> {
    let store = store(ask)?;
    let Some((entries, count)) = list(store, known).await? else {
        return Ok(html! {
            <section class="card pane" aria-label="Entries">
                <p>"This archive has no list that can be read: it is cut off, or its list is larger than 4 MiB. Download it."</p>
            </section>
        });
    };
    let opened = ask
        .query("entry")
        .and_then(|at| at.parse::<usize>().ok())
        .and_then(|at| entries.get(at));
    let text = match opened {
        Some(entry) => Some(content(store, known, entry).await?),
        None => None,
    };
    let more = (count > LISTED as u64)
        .then(|| html! { <p class="note">{format!("The first {LISTED} of {count} entries.")}</p> });
    let total: u64 = entries.iter().fold(0, |sum, entry| sum.saturating_add(entry.size));
    let facts = format!("{count} entries, {} unpacked", words(total.min(i64::MAX as u64) as i64));
    let rows = entries
        .iter()
        .enumerate()
        .map(|(at, entry)| row(ask, at, entry))
        .collect();
    Ok(html! {
        {text} <p class="note">{facts}</p> {table("Entries", &["Name", ">Size", ">Packed", ">Ratio", ""], rows)} {more}
    })
}

async fn list(store: &Store, known: &Known) -> Result<Option<(Vec<Entry>, u64)>, PageError> {
    let size = known.opened.size_bytes();
    let tail = bytes::part(store, &known.opened, size.saturating_sub(TAIL)..size).await?;
    let Some(place) = place(&tail, size).filter(|place| place.range.end - place.range.start <= LARGEST_LIST) else {
        return Ok(None);
    };
    if place.range.is_empty() {
        return Ok(Some((Vec::new(), 0)));
    }
    let list = bytes::part(store, &known.opened, place.range).await?;
    Ok(Some((entries(&list), place.count)))
}

fn row(ask: &Ask, at: usize, entry: &Entry) -> AnyView {
    let can_open = !entry.is_directory() && !entry.is_encrypted && may_open(entry);
    let name = if can_open {
        let href = ask.address_with("entry", Some(&at.to_string()));
        html! { <a href=href>{entry.name.clone()}</a> }
    } else {
        entry.name.clone().into_any()
    };
    let ratio = entry.size.checked_div(entry.packed).unwrap_or_default();
    let notes = [
        (entry.is_encrypted, "needs a password", "idle"),
        (entry.leads_outside(), "leads outside its directory", "bad"),
        (ratio > SUSPICIOUS, "grows a lot", "warn"),
    ]
    .into_iter()
    .filter(|(is_so, ..)| *is_so)
    .map(|(_, words, tone)| pill(words, tone))
    .collect_view();
    let size = |count: u64| words(count.min(i64::MAX as u64) as i64);
    html! {
        <tr>
            <th scope="row" class="wrap">{name}</th>
            <td class="r">{(!entry.is_directory()).then(|| size(entry.size))}</td>
            <td class="r">{(!entry.is_directory()).then(|| size(entry.packed))}</td>
            <td class="r">{(entry.packed > 0).then(|| format!("{:.1}×", entry.size as f64 / entry.packed as f64))}</td>
            <td>{notes}</td>
        </tr>
    }
}

fn may_open(entry: &Entry) -> bool {
    entry.size <= LARGEST_TEXT && entry.packed <= LARGEST_TEXT && matches!(entry.method, 0 | 8)
}

/// The text of an entry, or why it is not shown.
async fn content(store: &Store, known: &Known, entry: &Entry) -> Result<AnyView, PageError> {
    let refused = |why: &str| {
        let words = format!("{} is not shown: {why}.", entry.name);
        html! {
            <section class="card pane" aria-label="Entry">
                <p>{words}</p>
            </section>
        }
    };
    if entry.is_encrypted {
        return Ok(refused("it needs a password"));
    }
    if !may_open(entry) {
        return Ok(refused(
            "it is larger than 512 KiB, or packed in a way that is not read here",
        ));
    }
    let broken = || refused("its bytes are not where the list says");
    let size = known.opened.size_bytes();
    let head_end = entry.offset.saturating_add(30).min(size);
    if entry.offset >= head_end {
        return Ok(broken());
    }
    let head = bytes::part(store, &known.opened, entry.offset..head_end).await?;
    let Some(begin) = data_offset(&head).map(|offset| entry.offset.saturating_add(offset)) else {
        return Ok(broken());
    };
    let end = begin.saturating_add(entry.packed);
    if end > size {
        return Ok(broken());
    }
    let packed = if begin == end {
        Vec::new()
    } else {
        bytes::part(store, &known.opened, begin..end).await?
    };
    let Some(unpacked) = unpack(&packed, entry.method) else {
        return Ok(broken());
    };
    if !sniff::sniff(&unpacked, true).is_text() {
        return Ok(refused("it is no text, or has more bytes than it said"));
    }
    let text = sniff::text(&unpacked, true).unwrap_or_default();
    let lines: Vec<&str> = text.lines().take(2000).collect();
    let html = source::numbered(&highlighted(&lines, 0, Language::of_file(&entry.name)), 0, "");
    Ok(html! {
        <section class="card pane" aria-label="Entry">
            <h2>{entry.name.clone()}</h2>
            <div class="code log" role="region" aria-label="Lines" tabindex="0" inner_html=html></div>
        </section>
    })
}

/// At most so many bytes come out, whatever the archive says: more is no text of an entry.
fn unpack(packed: &[u8], method: u16) -> Option<Vec<u8>> {
    if method == 0 {
        return Some(packed.to_vec());
    }
    let mut out = Vec::new();
    flate2::read::DeflateDecoder::new(packed)
        .take(LARGEST_TEXT + 1)
        .read_to_end(&mut out)
        .ok()?;
    if out.len() as u64 > LARGEST_TEXT {
        // Not even its beginning is shown: it lied about its size.
        return Some(vec![0]);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn packed(content: &[u8]) -> Vec<u8> {
        let mut writer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        writer.write_all(content).unwrap();
        writer.finish().unwrap()
    }

    #[test]
    fn an_entry_comes_out_as_it_went_in() {
        assert_eq!(unpack(&packed(b"hello"), 8).as_deref(), Some(&b"hello"[..]));
        assert_eq!(unpack(b"hello", 0).as_deref(), Some(&b"hello"[..]));
    }

    #[test]
    fn an_entry_that_grows_without_end_is_cut_and_not_shown() {
        let bomb = packed(&vec![b'a'; 50 * 1024 * 1024]);
        assert!(bomb.len() < 60_000);
        let out = unpack(&bomb, 8).expect("bounded");
        assert!(out.len() < 10 && !sniff::sniff(&out, true).is_text());
    }
}
