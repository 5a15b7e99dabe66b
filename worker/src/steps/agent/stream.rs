//! Server-sent events, as far as an adapter needs them: the data of each event, whole.

/// Longest event, in bytes.
const LONGEST: usize = 1024 * 1024;

/// Puts events together from the parts in which they arrive.
#[derive(Debug, Default)]
pub(super) struct Parser {
    pending: Vec<u8>,
    data: String,
}

impl Parser {
    /// Takes a part; answers with the data of the events that are whole now. `None`: an event without end.
    pub(super) fn take(&mut self, part: &[u8]) -> Option<Vec<String>> {
        self.pending.extend_from_slice(part);
        let mut events = Vec::new();
        while let Some(end) = self.pending.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.pending.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_end_matches(['\n', '\r']);
            if line.is_empty() {
                if !self.data.is_empty() {
                    events.push(std::mem::take(&mut self.data));
                }
            } else if let Some(data) = line.strip_prefix("data:") {
                if !self.data.is_empty() {
                    self.data.push('\n');
                }
                self.data.push_str(data.strip_prefix(' ').unwrap_or(data));
            }
        }
        (self.pending.len() + self.data.len() <= LONGEST).then_some(events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_whole_however_they_are_cut() {
        let text = ": ping\n\nid: 1\ndata: {\"a\":\ndata: 1}\n\r\ndata:two\n\n";
        for size in 1..text.len() {
            let mut parser = Parser::default();
            let parts = text.as_bytes().chunks(size);
            let events: Vec<String> = parts.flat_map(|part| parser.take(part).unwrap()).collect();
            assert_eq!(events, ["{\"a\":\n1}", "two"], "{size}");
        }
    }

    #[test]
    fn an_event_without_end_is_refused() {
        assert!(Parser::default().take(&vec![b'x'; LONGEST + 1]).is_none());
    }
}
