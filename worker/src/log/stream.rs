//! From the bytes a program prints to lines.

use super::lines::{LINE_BYTES, StepLog};
use tokio::io::{AsyncRead, AsyncReadExt};

/// Reads `source` to its end and adds its lines to `log`.
pub(crate) async fn pump(mut source: impl AsyncRead + Unpin, stream: char, log: &StepLog) -> std::io::Result<()> {
    let mut pending: Vec<u8> = Vec::new();
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let count = source.read(&mut buffer).await?;
        if count == 0 {
            break;
        }
        let searched = pending.len();
        pending.extend_from_slice(&buffer[..count]);
        let mut from = 0;
        while let Some(at) = pending[searched.max(from)..].iter().position(|byte| *byte == b'\n') {
            let end = searched.max(from) + at;
            log.line(stream, &text_of(&pending[from..end])).await;
            from = end + 1;
        }
        pending.drain(..from);
        shorten(&mut pending, stream, log).await;
    }
    if !pending.is_empty() {
        log.line(stream, &text_of(&pending)).await;
    }
    Ok(())
}

/// Lets the head of an endless line go, but not what may be the beginning of a secret.
async fn shorten(pending: &mut Vec<u8>, stream: char, log: &StepLog) {
    let undecided = log.undecided_bytes();
    while pending.len() > LINE_BYTES + undecided {
        // A character that has not come whole waits for its rest.
        let whole = match std::str::from_utf8(pending) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => pending.len(),
        };
        let text = String::from_utf8_lossy(&pending[..whole]);
        let last = text.floor_char_boundary(text.len().saturating_sub(undecided));
        let cut = log.cut(&text, last.min(text.floor_char_boundary(LINE_BYTES)));
        if cut == 0 {
            return;
        }
        log.line(stream, &text[..cut]).await;
        let rest = [text[cut..].as_bytes(), &pending[whole..]].concat();
        *pending = rest;
    }
}

/// What stands in a line: bytes that are no text are replaced, the end of a Windows line is dropped.
fn text_of(line: &[u8]) -> String {
    String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        held::Lease,
        journal::{Journal, RunClock},
        log::{LogLimits, RunLog},
        writer::Writer,
    };
    use chrono::DateTime;
    use db::queue::Write;
    use std::sync::Arc;

    async fn lines_of(bytes: &[u8]) -> Vec<String> {
        let (writer, mut written) = Writer::recorded();
        let clock = RunClock::starting_at(DateTime::UNIX_EPOCH);
        let journal = Journal::new(Arc::new(Lease::new("run_1", 7)), writer, clock);
        journal.hide([&"hunter2-hunter2".to_owned()]);
        let log = RunLog::new(Arc::new(journal), LogLimits::default());
        pump(bytes, 'o', &log.step("a")).await.unwrap();
        log.finish().await;
        std::iter::from_fn(|| written.try_recv().ok())
            .flatten()
            .filter_map(|item| match item.write {
                Write::Log { lines, .. } => Some(lines),
                _ => None,
            })
            .flat_map(|lines| lines.split('\n').map(str::to_owned).collect::<Vec<_>>())
            .collect()
    }

    #[tokio::test]
    async fn bytes_become_lines_whatever_they_are() {
        assert_eq!(
            lines_of(b"one\r\n\ntwo \xff\nthree").await,
            ["one", "", "two \u{fffd}", "three"]
        );
    }

    #[tokio::test]
    async fn a_line_without_end_comes_in_parts_that_show_no_secret() {
        for offset in 0..40 {
            let before = "ä".repeat(LINE_BYTES / 2 - 10) + &"x".repeat(offset);
            let text = format!("{before}hunter2-hunter2{}", "y".repeat(5000));
            let joined = lines_of(text.as_bytes()).await.concat();
            assert_eq!(joined, format!("{before}***{}", "y".repeat(5000)), "{offset}");
        }
    }
}
