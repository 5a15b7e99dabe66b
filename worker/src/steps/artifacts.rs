//! Files that a step leaves in its directory of artifacts.

use crate::journal::FileLeft;
use std::{fs, io, path::Path};

/// Largest file that can be kept, in bytes.
pub(super) const LARGEST: usize = 64 * 1024;
/// Most files of one step.
const MOST: usize = 100;
/// Deepest directory.
const DEEPEST: usize = 8;

/// What was found in a directory of artifacts.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) files: Vec<FileLeft>,
    /// What was left out, as sentences for the log.
    pub(super) left_out: Vec<String>,
}

/// Reads every regular file under `directory`, in order of names. Links are not followed: they could
/// lead to files of the worker.
pub(super) fn collect(directory: &Path) -> io::Result<Found> {
    let mut found = Found::default();
    walk(directory, "", 0, &mut found)?;
    Ok(found)
}

fn walk(directory: &Path, prefix: &str, depth: usize, found: &mut Found) -> io::Result<()> {
    let mut entries = fs::read_dir(directory)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let about = entry.metadata()?;
        if about.is_dir() && depth < DEEPEST {
            walk(&entry.path(), &format!("{name}/"), depth + 1, found)?;
        } else if !about.is_file() {
            found
                .left_out
                .push(format!("{name} is no regular file, so it is left out."));
        } else if about.len() > LARGEST as u64 {
            let (size, limit) = (about.len().div_ceil(1024), LARGEST / 1024);
            let text = format!("{name} has {size} KiB; a file of at most {limit} KiB can be kept, so it is left out.");
            found.left_out.push(text);
        } else if found.files.len() == MOST {
            found
                .left_out
                .push(format!("{name} is left out: a step can leave {MOST} files."));
        } else {
            found.files.push(file_of(name, fs::read(entry.path())?));
        }
    }
    Ok(())
}

/// A file with the kind that its name or its content tells.
pub(super) fn file_of(name: String, bytes: Vec<u8>) -> FileLeft {
    let extension = name
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_ascii_lowercase());
    let (kind, content_type) = extension
        .as_deref()
        .and_then(by_extension)
        .unwrap_or_else(|| by_content(&bytes));
    FileLeft {
        name,
        kind,
        content_type,
        bytes,
    }
}

fn by_extension(extension: &str) -> Option<(&'static str, &'static str)> {
    Some(match extension {
        "md" | "markdown" => ("markdown", "text/markdown; charset=utf-8"),
        "json" => ("json", "application/json"),
        "diff" | "patch" => ("diff", "text/x-diff; charset=utf-8"),
        "txt" | "log" | "csv" | "tsv" | "yaml" | "yml" | "toml" | "xml" => ("text", "text/plain; charset=utf-8"),
        "html" | "htm" => ("report", "text/html; charset=utf-8"),
        "png" => ("image", "image/png"),
        "jpg" | "jpeg" => ("image", "image/jpeg"),
        "gif" => ("image", "image/gif"),
        "webp" => ("image", "image/webp"),
        "svg" => ("image", "image/svg+xml"),
        "zip" => ("zip", "application/zip"),
        "gz" | "tgz" => ("file", "application/gzip"),
        "pdf" => ("file", "application/pdf"),
        _ => return None,
    })
}

fn by_content(bytes: &[u8]) -> (&'static str, &'static str) {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => ("image", "image/png"),
        [0xff, 0xd8, 0xff, ..] => ("image", "image/jpeg"),
        [b'P', b'K', 3, 4, ..] => ("zip", "application/zip"),
        _ if !bytes.contains(&0) && std::str::from_utf8(bytes).is_ok() => ("text", "text/plain; charset=utf-8"),
        _ => ("file", "application/octet-stream"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_with_their_kinds_and_links_are_not_followed() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        fs::create_dir(path("sub")).unwrap();
        fs::write(path("report.md"), "# Hello").unwrap();
        fs::write(path("sub/data.JSON"), "{}").unwrap();
        fs::write(path("raw"), [0_u8, 1, 2]).unwrap();
        fs::write(path("notes"), "text").unwrap();
        fs::write(path("big.txt"), vec![b'x'; LARGEST + 1]).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", path("link.txt")).unwrap();

        let found = collect(directory.path()).unwrap();
        let kinds: Vec<_> = found.files.iter().map(|file| (file.name.as_str(), file.kind)).collect();
        assert_eq!(
            kinds,
            [
                ("notes", "text"),
                ("raw", "file"),
                ("report.md", "markdown"),
                ("sub/data.JSON", "json")
            ]
        );
        assert_eq!(
            found.left_out,
            [
                "big.txt has 65 KiB; a file of at most 64 KiB can be kept, so it is left out.",
                "link.txt is no regular file, so it is left out.",
            ]
        );
    }
}
