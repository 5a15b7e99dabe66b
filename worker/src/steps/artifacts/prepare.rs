//! Making a file ready to leave: secrets hidden, checksum known, never all of it in memory.

use super::{
    collect,
    kind::{self, Kind},
};
use runs::{
    artifacts::{INLINE_BYTES, Object},
    mask::{Mask, StreamMask},
};
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
};

/// So much of a file is looked at to tell its kind.
const BEGINNING: usize = 8 * 1024;
/// Bytes read at once.
const PIECE: usize = 256 * 1024;

/// A file ready to leave.
#[derive(Debug)]
pub(super) enum Ready {
    /// Small enough for its row; secrets are hidden there.
    Small { kind: Kind, bytes: Vec<u8> },
    /// For the store, at its beginning.
    Large { kind: Kind, object: Object, file: File },
}

/// Why a file is left out.
#[derive(Debug)]
pub(super) enum NotReady {
    /// It has more bytes than are kept.
    TooLarge { size_bytes: u64 },
    /// It cannot be read, or its copy not be written.
    Io(io::Error),
}

/// Reads the file at `path` once. What hides secrets is a copy in `scratch`, which is gone when it is closed.
pub(super) fn prepare(
    name: &str,
    path: &Path,
    scratch: &Path,
    mask: &Mask,
    most_bytes: u64,
) -> Result<Ready, NotReady> {
    let (mut file, size_bytes) = collect::open(path)?;
    if size_bytes > most_bytes {
        return Err(NotReady::TooLarge { size_bytes });
    }
    if size_bytes <= INLINE_BYTES as u64 {
        let mut bytes = Vec::with_capacity(size_bytes as usize);
        file.take(INLINE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
        if bytes.len() <= INLINE_BYTES {
            let kind = Kind::guess(name, &bytes);
            return Ok(Ready::Small { kind, bytes });
        }
        // It has grown since; it is read again as what it is now.
        file = collect::open(path)?.0;
    }
    let mut beginning = vec![0; BEGINNING];
    let read = read_most(&mut file, &mut beginning)?;
    beginning.truncate(read);
    file.seek(SeekFrom::Start(0))?;
    let kind = Kind::guess(name, &beginning);
    let (object, file) = if mask.is_empty() {
        let object = pass(&mut file, most_bytes, |_| Ok(()))?;
        (object, file)
    } else {
        masked(&mut file, kind::is_text(&beginning), scratch, mask, most_bytes)?
    };
    Ok(Ready::Large { kind, object, file })
}

fn masked(
    file: &mut File,
    is_text: bool,
    scratch: &Path,
    mask: &Mask,
    most_bytes: u64,
) -> Result<(Object, File), NotReady> {
    let mut hiding = StreamMask::new(mask, is_text);
    let mut copy = tempfile::tempfile_in(scratch)?;
    pass(file, most_bytes, |piece| copy.write_all(&hiding.push(piece)))?;
    copy.write_all(&hiding.finish())?;
    copy.seek(SeekFrom::Start(0))?;
    let object = pass(&mut copy, u64::MAX, |_| Ok(()))?;
    Ok((object, copy))
}

/// Reads a file to its end and goes back to its beginning; answers with what it is.
fn pass(file: &mut File, most_bytes: u64, mut each: impl FnMut(&[u8]) -> io::Result<()>) -> Result<Object, NotReady> {
    let mut sum = Sha256::new();
    let mut size_bytes = 0;
    let mut piece = vec![0; PIECE];
    loop {
        let read = read_most(file, &mut piece)?;
        if read == 0 {
            break;
        }
        size_bytes += read as u64;
        if size_bytes > most_bytes {
            return Err(NotReady::TooLarge { size_bytes });
        }
        sum.update(&piece[..read]);
        each(&piece[..read])?;
    }
    file.seek(SeekFrom::Start(0))?;
    Ok(Object {
        sha256: domain::hex(&sum.finalize()),
        size_bytes,
    })
}

fn read_most(file: &mut File, piece: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < piece.len() {
        match file.read(&mut piece[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

impl From<io::Error> for NotReady {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready(content: &[u8], mask: &Mask) -> Result<(Object, Vec<u8>), String> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("big.log");
        std::fs::write(&path, content).unwrap();
        match prepare("big.log", &path, directory.path(), mask, 1_000_000) {
            Ok(Ready::Large { object, mut file, .. }) => {
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes).unwrap();
                Ok((object, bytes))
            }
            Ok(Ready::Small { bytes, .. }) => Err(format!("{} bytes for the row", bytes.len())),
            Err(error) => Err(format!("{error:?}")),
        }
    }

    #[test]
    fn a_large_file_leaves_without_its_secrets_under_the_checksum_of_what_leaves() {
        let content = ["x".repeat(262_140).as_bytes(), b"hunter2-hunter2 and more\n"].concat();
        let (object, bytes) = ready(&content, &Mask::new(["hunter2-hunter2"])).unwrap();
        assert_eq!(object, Object::of(&bytes));
        assert!(bytes.ends_with(b"x*** and more\n"));
        let (object, bytes) = ready(&content, &Mask::default()).unwrap();
        assert_eq!((object, bytes), (Object::of(&content), content));
    }

    #[test]
    fn a_small_file_goes_into_its_row_and_a_huge_one_nowhere() {
        assert_eq!(ready(b"hi", &Mask::default()), Err("2 bytes for the row".to_owned()));
        assert!(
            ready(&vec![b'x'; 1_000_001], &Mask::default())
                .unwrap_err()
                .contains("TooLarge")
        );
    }
}
