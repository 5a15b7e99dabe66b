//! The list at the end of a ZIP archive: what is inside, read without unpacking anything.

use std::ops::Range;

/// Where the end of a ZIP can begin, counted from its end.
pub(super) const TAIL: u64 = 22 + 65_535;
/// Largest list that is read.
pub(super) const LARGEST_LIST: u64 = 4 * 1024 * 1024;
/// Entries that are listed.
pub(super) const LISTED: usize = 2000;

/// Where the list lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Its bytes in the archive.
    pub(super) range: Range<u64>,
    /// How many entries it says it has.
    pub(super) count: u64,
}

/// One entry, as the list tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its name, and where it would be unpacked to.
    pub(super) name: String,
    /// Bytes unpacked, as it claims.
    pub(super) size: u64,
    /// Bytes in the archive.
    pub(super) packed: u64,
    /// 0 stored, 8 deflated.
    pub(super) method: u16,
    /// Whether a password is needed.
    pub(super) is_encrypted: bool,
    /// Where its own head begins.
    pub(super) offset: u64,
}

impl Entry {
    /// Whether it is a directory.
    pub(super) fn is_directory(&self) -> bool {
        self.name.ends_with('/')
    }

    /// Whether unpacking it by its name would leave the directory.
    pub(super) fn leads_outside(&self) -> bool {
        self.name.starts_with(['/', '\\'])
            || self.name.split(['/', '\\']).any(|part| part == "..")
            || self.name.get(1..2) == Some(":")
    }
}

/// Finds the list in the last bytes of an archive of `size` bytes.
pub(super) fn place(tail: &[u8], size: u64) -> Option<Place> {
    let end = (0..=tail.len().checked_sub(22)?).rev().find(|at| {
        tail[*at..].starts_with(b"PK\x05\x06")
            && usize::from(u16_at(tail, at + 20).unwrap_or(u16::MAX)) + at + 22 <= tail.len()
    })?;
    let count = u64::from(u16_at(tail, end + 10)?);
    let length = u64::from(u32_at(tail, end + 12)?);
    let offset = u64::from(u32_at(tail, end + 16)?);
    let place = if count == 0xffff || offset == 0xffff_ffff || length == 0xffff_ffff {
        large(tail, end, size)?
    } else {
        Place {
            range: offset..offset.checked_add(length)?,
            count,
        }
    };
    (place.range.end <= size).then_some(place)
}

/// The end of an archive of more than 4 GiB or 65,535 entries; it lies before the small one.
fn large(tail: &[u8], end: usize, size: u64) -> Option<Place> {
    let locator = end.checked_sub(20)?;
    if !tail.get(locator..)?.starts_with(b"PK\x06\x07") {
        return None;
    }
    let at = u64_at(tail, locator + 8)?.checked_sub(size - tail.len() as u64)?;
    let at = usize::try_from(at).ok()?;
    if !tail.get(at..)?.starts_with(b"PK\x06\x06") {
        return None;
    }
    let offset = u64_at(tail, at + 48)?;
    Some(Place {
        range: offset..offset.checked_add(u64_at(tail, at + 40)?)?,
        count: u64_at(tail, at + 32)?,
    })
}

/// The entries of a list; stops at the first that is none, and at [`LISTED`].
pub(super) fn entries(list: &[u8]) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut at = 0;
    while entries.len() < LISTED {
        let Some((entry, next)) = entry(list, at) else { break };
        entries.push(entry);
        at = next;
    }
    entries
}

fn entry(list: &[u8], at: usize) -> Option<(Entry, usize)> {
    if !list.get(at..)?.starts_with(b"PK\x01\x02") {
        return None;
    }
    let (name_length, extra_length) = (usize::from(u16_at(list, at + 28)?), usize::from(u16_at(list, at + 30)?));
    let next = at + 46 + name_length + extra_length + usize::from(u16_at(list, at + 32)?);
    let name = list.get(at + 46..at + 46 + name_length)?;
    let mut entry = Entry {
        name: String::from_utf8_lossy(name).into_owned(),
        size: u64::from(u32_at(list, at + 24)?),
        packed: u64::from(u32_at(list, at + 20)?),
        method: u16_at(list, at + 10)?,
        is_encrypted: u16_at(list, at + 8)? & 1 == 1,
        offset: u64::from(u32_at(list, at + 42)?),
    };
    enlarge(
        &mut entry,
        list.get(at + 46 + name_length..at + 46 + name_length + extra_length)?,
    );
    Some((entry, next))
}

/// Sizes that do not fit into 32 bits stand in an extra field, in this order.
fn enlarge(entry: &mut Entry, mut extra: &[u8]) {
    while let (Some(id), Some(length)) = (u16_at(extra, 0), u16_at(extra, 2)) {
        let Some(field) = extra.get(4..4 + usize::from(length)) else {
            return;
        };
        if id == 1 {
            let mut at = 0;
            for number in [&mut entry.size, &mut entry.packed, &mut entry.offset] {
                if *number == 0xffff_ffff {
                    let Some(large) = u64_at(field, at) else { return };
                    *number = large;
                    at += 8;
                }
            }
        }
        extra = &extra[4 + usize::from(length)..];
    }
}

/// Where the bytes of an entry begin behind its head of at least 30 bytes.
pub(super) fn data_offset(head: &[u8]) -> Option<u64> {
    if !head.starts_with(b"PK\x03\x04") {
        return None;
    }
    Some(30 + u64::from(u16_at(head, 26)?) + u64::from(u16_at(head, 28)?))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// An archive of one stored entry whose list claims `size` bytes.
    fn archive(name: &str, content: &[u8], flags: u16, size: u32) -> Vec<u8> {
        let mut out = Vec::new();
        let fields = |out: &mut Vec<u8>| {
            out.extend_from_slice(&flags.to_le_bytes());
            out.extend_from_slice(&[0; 10]);
            out.extend_from_slice(&(content.len() as u32).to_le_bytes());
            out.extend_from_slice(&size.to_le_bytes());
            out.extend_from_slice(&(name.len() as u16).to_le_bytes());
            out.extend_from_slice(&[0; 2]);
        };
        out.extend_from_slice(b"PK\x03\x04\x14\0");
        fields(&mut out);
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(content);
        let list = out.len() as u32;
        out.extend_from_slice(b"PK\x01\x02\x14\0\x14\0");
        fields(&mut out);
        out.extend_from_slice(&[0; 14]);
        out.extend_from_slice(name.as_bytes());
        let length = out.len() as u32 - list;
        out.extend_from_slice(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&list.to_le_bytes());
        out.extend_from_slice(&[0; 2]);
        out
    }

    fn listed(archive: &[u8]) -> Vec<Entry> {
        let place = place(archive, archive.len() as u64).expect("an archive");
        entries(&archive[place.range.start as usize..place.range.end as usize])
    }

    #[test]
    fn an_archive_is_listed_by_its_end() {
        let entries = listed(&archive("a/b.txt", b"hello", 1, 5));
        assert_eq!(
            (entries[0].name.as_str(), entries[0].size, entries[0].is_encrypted),
            ("a/b.txt", 5, true)
        );
        assert!(!entries[0].leads_outside());
    }

    #[test]
    fn a_name_that_leads_outside_is_seen() {
        for name in ["../a", "a/../../b", "/etc/passwd", "C:\\a", "a\\..\\b"] {
            assert!(listed(&archive(name, b"", 0, 0))[0].leads_outside(), "{name}");
        }
    }

    #[test]
    fn a_size_that_is_claimed_unpacks_nothing() {
        let bomb = archive("bomb", b"x", 0, u32::MAX - 1);
        assert_eq!(listed(&bomb)[0].size, u64::from(u32::MAX - 1));
    }

    proptest! {
        #[test]
        fn no_bytes_break_the_reader(mut bytes in proptest::collection::vec(any::<u8>(), 0..300), at in 0_usize..300, mark in 0_usize..4) {
            let mark: &[u8] = [&b"PK\x05\x06"[..], b"PK\x01\x02", b"PK\x06\x07", b"PK\x06\x06"][mark];
            for (place, byte) in mark.iter().enumerate() {
                if let Some(there) = bytes.get_mut(at + place) {
                    *there = *byte;
                }
            }
            if let Some(place) = place(&bytes, bytes.len() as u64) {
                prop_assert!(place.range.end <= bytes.len() as u64);
            }
            prop_assert!(entries(&bytes).len() <= LISTED);
            data_offset(&bytes);
        }
    }
}
