//! What goes into a container before it starts, and what is taken out when it has ended.

use super::engine::{in_words, is_missing};
use crate::steps::{StepError, output};
use bollard::{
    Docker as Client, body_full,
    query_parameters::{DownloadFromContainerOptionsBuilder, UploadToContainerOptionsBuilder},
};
use bytes::Bytes;
use futures::StreamExt;
use std::{
    fs,
    io::{self, Read, Seek, Write},
    path::{Component, Path, PathBuf},
};
use tar::{Archive, Builder, EntryType, Header};

/// Where a container leaves files for people.
pub(super) const ARTIFACTS: &str = "/artifacts";
/// Where it writes what later steps may read.
pub(super) const OUTPUT: &str = "/artifacts/.output";
/// Where its script lies.
pub(super) const SCRIPT: &str = "/.runboard/script";

/// Most bytes that are taken out of a container.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// Puts the directory for artifacts, the file for output and the script into a container.
pub(super) async fn put(client: &Client, id: &str, script: Option<&str>) -> Result<(), StepError> {
    let archive = archive(script).map_err(StepError::fail)?;
    let options = UploadToContainerOptionsBuilder::new().path("/").build();
    client
        .upload_to_container(id, Some(options), body_full(Bytes::from(archive)))
        .await
        .map_err(|error| in_words(error, "put the files of the step into the container"))
}

fn archive(script: Option<&str>) -> io::Result<Vec<u8>> {
    let mut archive = Builder::new(Vec::new());
    let mut add = |path: &str, kind: EntryType, mode: u32, bytes: &[u8]| {
        let mut header = Header::new_gnu();
        header.set_entry_type(kind);
        header.set_mode(mode);
        header.set_size(bytes.len() as u64);
        archive.append_data(&mut header, path.trim_start_matches('/'), bytes)
    };
    // Whichever user the image names must be able to write.
    add(ARTIFACTS, EntryType::Directory, 0o777, &[])?;
    add(OUTPUT, EntryType::Regular, 0o666, &[])?;
    if let Some(script) = script {
        add("/.runboard", EntryType::Directory, 0o755, &[])?;
        add(SCRIPT, EntryType::Regular, 0o644, script.as_bytes())?;
    }
    archive.into_inner()
}

/// What was taken out of a container.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// Content of the output file.
    pub(super) output: Vec<u8>,
    /// What was left out, as sentences for the log.
    pub(super) left_out: Vec<String>,
}

/// Copies the artifacts of a container into `directory`.
pub(super) async fn take(client: &Client, id: &str, directory: PathBuf) -> Result<Taken, StepError> {
    let options = DownloadFromContainerOptionsBuilder::new().path(ARTIFACTS).build();
    let mut parts = std::pin::pin!(client.download_from_container(id, Some(options)));
    let mut spool = tempfile::tempfile().map_err(StepError::retry)?;
    let (mut size, mut is_cut) = (0, false);
    while let Some(part) = parts.next().await {
        let part = match part {
            Ok(part) => part,
            // The container removed the directory: it leaves nothing.
            Err(error) if is_missing(&error) => return Ok(Taken::default()),
            Err(error) => return Err(in_words(error, "take the artifacts out of the container")),
        };
        size += part.len() as u64;
        if size > MOST_BYTES {
            is_cut = true;
            break;
        }
        spool.write_all(&part).map_err(StepError::retry)?;
    }
    let unpacked = tokio::task::spawn_blocking(move || {
        spool.rewind()?;
        unpack(&spool, &directory)
    });
    let mut taken = unpacked.await.map_err(StepError::fail)?.map_err(StepError::retry)?;
    if is_cut {
        let limit = MOST_BYTES / (1024 * 1024);
        taken.left_out.push(format!(
            "The artifacts have more than {limit} MiB; what comes after that is left out."
        ));
    }
    Ok(taken)
}

/// Unpacks the regular files of an archive, and nothing that could lead out of `directory`.
fn unpack(source: impl Read, directory: &Path) -> io::Result<Taken> {
    let mut taken = Taken::default();
    for entry in Archive::new(source).entries()? {
        // An archive that was cut ends in the middle of a file.
        let Ok(mut entry) = entry else { break };
        let path = entry.path()?.into_owned();
        // The first part is the name of the directory itself.
        let name: PathBuf = path
            .components()
            .filter(|part| *part != Component::CurDir)
            .skip(1)
            .collect();
        let is_inside = name.components().all(|part| matches!(part, Component::Normal(_)));
        let kind = entry.header().entry_type();
        if kind.is_dir() || name.as_os_str().is_empty() {
            continue;
        }
        if !kind.is_file() || !is_inside {
            let text = format!("{} is no regular file, so it is left out.", name.display());
            taken.left_out.push(text);
        } else if name == Path::new(".output") {
            let Ok(bytes) = output::taken(&mut entry) else { break };
            taken.output = bytes;
        } else {
            let target = directory.join(&name);
            fs::create_dir_all(target.parent().unwrap_or(directory))?;
            let mut file = fs::File::create(&target)?;
            if !io::copy(&mut entry, &mut file).is_ok_and(|copied| copied == entry.size()) {
                fs::remove_file(&target)?;
                break;
            }
        }
    }
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_can_be_taken_out() {
        let directory = tempfile::tempdir().unwrap();
        let mut archive = Builder::new(Vec::new());
        let mut add = |path: &str, kind: EntryType, bytes: &[u8]| {
            let mut header = Header::new_gnu();
            header.set_entry_type(kind);
            header.set_mode(0o644);
            header.set_size(bytes.len() as u64);
            archive.append_data(&mut header, path, bytes).unwrap();
        };
        add("artifacts", EntryType::Directory, b"");
        add("artifacts/.output", EntryType::Regular, b"a=1\n");
        add("artifacts/sub/report.md", EntryType::Regular, b"# Hello");
        add("artifacts/link", EntryType::Symlink, b"");
        let bytes = archive.into_inner().unwrap();
        let taken = unpack(bytes.as_slice(), directory.path()).unwrap();
        assert_eq!(taken.output, b"a=1\n");
        assert_eq!(taken.left_out, ["link is no regular file, so it is left out."]);
        assert_eq!(fs::read(directory.path().join("sub/report.md")).unwrap(), b"# Hello");
        assert!(!directory.path().join("link").exists());
    }

    #[test]
    fn a_cut_archive_gives_what_came_whole() {
        let directory = tempfile::tempdir().unwrap();
        let mut archive = Builder::new(Vec::new());
        for name in ["artifacts/a", "artifacts/b"] {
            let mut header = Header::new_gnu();
            header.set_size(1000);
            header.set_mode(0o644);
            archive.append_data(&mut header, name, [b'x'; 1000].as_slice()).unwrap();
        }
        let bytes = archive.into_inner().unwrap();
        unpack(&bytes[..2100], directory.path()).unwrap();
        assert!(directory.path().join("a").exists());
        assert!(!directory.path().join("b").exists());
    }

    #[test]
    fn no_more_of_an_output_is_held_than_shows_that_it_is_too_large() {
        let directory = tempfile::tempdir().unwrap();
        let mut archive = Builder::new(Vec::new());
        for (name, size) in [("artifacts/.output", 1024 * 1024), ("artifacts/b", 10)] {
            let mut header = Header::new_gnu();
            header.set_size(size);
            header.set_mode(0o644);
            archive
                .append_data(&mut header, name, io::repeat(b'x').take(size))
                .unwrap();
        }
        let bytes = archive.into_inner().unwrap();
        let taken = unpack(bytes.as_slice(), directory.path()).unwrap();
        assert!(taken.output.len() < 100_000, "{}", taken.output.len());
        assert_eq!(output::parse(&taken.output).unwrap_err().code, "output_too_large");
        assert!(directory.path().join("b").exists());
    }
}
