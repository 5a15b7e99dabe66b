//! What can be listened to.

use domain::RunId;
use std::{collections::HashSet, fmt};

/// Topics of one connection at most.
const MOST: usize = 32;

/// One thing a page listens to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Topic {
    /// Strip, chart, lanes, workers and the runs that show on the board.
    Board,
    /// One run with its steps and events.
    Run(RunId),
    /// What one run prints.
    Log(RunId),
}

/// Reads `board,run:ID,log:ID`.
pub fn topics(text: &str) -> Result<HashSet<Topic>, String> {
    let topics: HashSet<Topic> = text
        .split(',')
        .filter(|word| !word.is_empty())
        .map(topic)
        .collect::<Result<_, _>>()?;
    match topics.len() {
        0 => Err("Name a topic: board, run:ID or log:ID.".to_owned()),
        1..=MOST => Ok(topics),
        _ => Err(format!("One connection takes {MOST} topics at most.")),
    }
}

fn topic(word: &str) -> Result<Topic, String> {
    let run_id = |id: &str| id.parse::<RunId>().map_err(|error| format!("{error}."));
    match word.split_once(':') {
        None if word == "board" => Ok(Topic::Board),
        Some(("run", id)) => Ok(Topic::Run(run_id(id)?)),
        Some(("log", id)) => Ok(Topic::Log(run_id(id)?)),
        _ => Err(format!("{word:?} is not a topic: there are board, run:ID and log:ID.")),
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Board => f.write_str("board"),
            Self::Run(id) => write!(f, "run:{id}"),
            Self::Log(id) => write!(f, "log:{id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_are_read_from_an_address() {
        let id: RunId = "run_20260114_093012_k3v7q2xw".parse().unwrap();
        let read = topics(&format!("board,run:{id},log:{id},board")).unwrap();
        assert_eq!(
            read,
            HashSet::from([Topic::Board, Topic::Run(id.clone()), Topic::Log(id)])
        );
    }

    #[test]
    fn what_is_no_topic_is_refused() {
        for text in ["", "boards", "run:1", "log"] {
            assert!(topics(text).is_err(), "{text}");
        }
    }
}
