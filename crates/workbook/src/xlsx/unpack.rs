//! What a file comes to when it is unpacked, counted before anything of it is kept.

use super::ImportError;
use std::io::{Cursor, Read, copy, sink};
use zip::ZipArchive;

/// Bytes of all parts together. What a part says of its own size may be a lie, so it is unpacked and counted.
const MOST_UNPACKED: u64 = 256 << 20;
/// Parts of an archive.
const MOST_PARTS: usize = 5_000;

/// Refuses what would fill the memory.
pub(super) fn check(file: &[u8]) -> Result<(), ImportError> {
    check_to(file, MOST_UNPACKED)
}

pub(super) fn check_to(file: &[u8], most: u64) -> Result<(), ImportError> {
    let too_large = || ImportError::TooLarge { most_mib: most >> 20 };
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(|_| ImportError::NoArchive)?;
    if archive.len() > MOST_PARTS {
        return Err(too_large());
    }
    let mut left = most;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|_| ImportError::NoArchive)?;
        let size = copy(&mut part.take(left + 1), &mut sink()).map_err(|_| ImportError::NoArchive)?;
        left = left.checked_sub(size).ok_or_else(too_large)?;
    }
    Ok(())
}
