//! Finding the files: regular ones only, in the directory only.

use super::kind;
use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read},
    os::unix::{ffi::OsStrExt, fs::OpenOptionsExt},
    path::{Path, PathBuf},
};

/// Most files of one step.
const MOST: usize = 100;
/// Deepest directory.
const DEEPEST: usize = 8;
/// Longest name, with its directories.
const LONGEST_NAME: usize = 512;
/// Largest list of declared kinds.
const LARGEST_DECLARATIONS: u64 = 64 * 1024;

/// What was found in a directory of artifacts.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) files: Vec<FoundFile>,
    /// Kinds that the step declared, by name.
    pub(super) kinds: BTreeMap<String, String>,
    /// What was left out, as sentences for the log.
    pub(super) left_out: Vec<String>,
}

/// A file that can be kept, not read yet.
#[derive(Debug)]
pub(super) struct FoundFile {
    pub(super) name: String,
    pub(super) path: PathBuf,
}

/// Finds every regular file under `directory`, in order of names. Links are not followed: they could lead
/// to files of the worker. Pipes and devices are not opened: they could hold it for ever.
pub(super) fn collect(directory: &Path) -> io::Result<Found> {
    let mut found = Found::default();
    walk(directory, "", 0, &mut found)?;
    let list = directory.join(kind::DECLARATIONS);
    if let Ok((file, size)) = open(&list)
        && size <= LARGEST_DECLARATIONS
    {
        let mut text = String::new();
        if file.take(LARGEST_DECLARATIONS).read_to_string(&mut text).is_ok() {
            let (kinds, wrong) = kind::declarations(&text);
            found.kinds = kinds;
            found.left_out.extend(wrong);
        }
    }
    Ok(found)
}

/// Opens a regular file, with its size. What it is, is asked of the open file: a name could meanwhile mean
/// another.
pub(in crate::steps) fn open(path: &Path) -> io::Result<(File, u64)> {
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let file = fs::OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(path)?;
    let about = file.metadata()?;
    if !about.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    Ok((file, about.len()))
}

fn walk(directory: &Path, prefix: &str, depth: usize, found: &mut Found) -> io::Result<()> {
    let mut entries = fs::read_dir(directory)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let raw = entry.file_name();
        let name = format!("{prefix}{}", raw.to_string_lossy());
        // Of the entry itself, not of what a link leads to.
        let about = entry.file_type()?;
        if prefix.is_empty() && name == kind::DECLARATIONS {
            continue;
        }
        if let Some(reason) = unfit(&name, raw.as_bytes()) {
            found
                .left_out
                .push(format!("{} is left out: {reason}.", name.escape_debug()));
        } else if about.is_dir() && depth < DEEPEST {
            walk(&entry.path(), &format!("{name}/"), depth + 1, found)?;
        } else if about.is_dir() {
            found.left_out.push(format!(
                "{name} is left out: it lies deeper than {DEEPEST} directories."
            ));
        } else if !about.is_file() {
            found
                .left_out
                .push(format!("{name} is no regular file, so it is left out."));
        } else if found.files.len() == MOST {
            found
                .left_out
                .push(format!("{name} is left out: a step can leave {MOST} files."));
        } else {
            found.files.push(FoundFile {
                name,
                path: entry.path(),
            });
        }
    }
    Ok(())
}

/// Why a name would trouble those who read or save it.
fn unfit(name: &str, raw: &[u8]) -> Option<&'static str> {
    if name.len() > LONGEST_NAME {
        Some("its name is too long")
    } else if std::str::from_utf8(raw).is_err() {
        Some("its name is no UTF-8")
    } else if name.chars().any(char::is_control) || name.contains('\\') {
        Some("its name has characters that names of files should not have")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regular_files_are_found_and_links_are_not_followed() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        fs::create_dir(path("sub")).unwrap();
        fs::write(path("report.md"), "# Hello").unwrap();
        fs::write(path("sub/data.JSON"), "{}").unwrap();
        fs::write(path("a\nb"), "").unwrap();
        fs::write(path(".kinds"), "report.md=report\nnonsense\n").unwrap();
        std::os::unix::fs::symlink("/etc/passwd", path("link.txt")).unwrap();
        std::os::unix::fs::symlink("/etc", path("linked")).unwrap();
        rustix::fs::mknodat(
            rustix::fs::CWD,
            path("pipe"),
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RWXU,
            0,
        )
        .unwrap();

        let found = collect(directory.path()).unwrap();
        let names: Vec<_> = found.files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["report.md", "sub/data.JSON"]);
        assert_eq!(found.kinds["report.md"], "report");
        assert_eq!(
            found.left_out,
            [
                r"a\nb is left out: its name has characters that names of files should not have.",
                "link.txt is no regular file, so it is left out.",
                "linked is no regular file, so it is left out.",
                "pipe is no regular file, so it is left out.",
                ".kinds has a line that is no name=kind: nonsense",
            ]
        );
    }

    #[test]
    fn a_link_that_took_the_place_of_a_file_is_not_opened() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a");
        std::os::unix::fs::symlink("/etc/passwd", &path).unwrap();
        assert!(open(&path).is_err());
    }
}
