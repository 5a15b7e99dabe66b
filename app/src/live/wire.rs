//! What `GET /live` says: one Server-Sent Event per [`LiveEvent`], its name in `event:`, its fields as JSON in `data:`.
//!
//! On connecting, the server says `hello` and then the full state of every topic: `run`, `lane`, `strip`, `minutes`
//! and `worker` for `board`, `detail` for `run:ID`, nothing for `log:ID` (the page reads a range). All are upserts, so
//! saying too much is safe. `run` comes before the `lane` that names it.

use crate::views::json::from_json;
use crate::views::{ChunkView, DetailView, FromJson, LaneView, MinuteView, RunView, Sent, StripView, WorkerView};
use serde::{Deserialize, Serialize};

/// First words on a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// Id of the newest event.
    pub seq: i64,
    /// The server's clock, Unix milliseconds.
    pub server_time: i64,
    /// Which build answers; another one than the page's asks for a reload.
    pub build: String,
}

from_json!(Hello {
    seq,
    server_time,
    build
});

/// Runs that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRows {
    /// The runs.
    pub rows: Vec<RunView>,
}

from_json!(RunRows { rows });

/// Lanes whose load or order changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaneRows {
    /// The lanes.
    pub rows: Vec<LaneView>,
}

from_json!(LaneRows { rows });

/// The chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MinuteRows {
    /// All sixty, or only those that changed.
    pub rows: Vec<MinuteView>,
}

from_json!(MinuteRows { rows });

/// All workers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkerRows {
    /// The workers.
    pub rows: Vec<WorkerView>,
}

from_json!(WorkerRows { rows });

/// New lines of an opened run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogRows {
    /// The run.
    pub run: String,
    /// Chunks in order.
    pub chunks: Vec<ChunkView>,
}

from_json!(LogRows { run, chunks });

/// The server is about to close this connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bye {
    /// Come back after this long.
    pub retry_ms: i64,
}

from_json!(Bye { retry_ms });

/// Whether the server polls because it lost its line to Postgres.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Degraded {
    /// It does.
    pub degraded: bool,
}

from_json!(Degraded { degraded });

/// One message of the live stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum LiveEvent {
    /// First words on a connection.
    Hello(Hello),
    /// Runs that changed.
    Run(RunRows),
    /// Lanes whose load or order changed.
    Lane(LaneRows),
    /// Numbers on top of the board.
    Strip(StripView),
    /// The chart.
    Minutes(MinuteRows),
    /// All workers.
    Worker(WorkerRows),
    /// New lines of an opened run.
    Log(LogRows),
    /// An opened run changed.
    Detail(Box<DetailView>),
    /// Events were lost; everything must be read again.
    Gap {},
    /// The server is about to close.
    Bye(Bye),
    /// The server polls, or no longer.
    Degraded(Degraded),
    /// Nothing has changed for a while, and the connection lives.
    Here {},
}

impl LiveEvent {
    /// Every event name.
    pub const NAMES: [&'static str; 12] = [
        "hello", "run", "lane", "strip", "minutes", "worker", "log", "detail", "gap", "bye", "degraded", "here",
    ];

    /// The SSE event name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Hello(_) => "hello",
            Self::Run(_) => "run",
            Self::Lane(_) => "lane",
            Self::Strip(_) => "strip",
            Self::Minutes(_) => "minutes",
            Self::Worker(_) => "worker",
            Self::Log(_) => "log",
            Self::Detail(_) => "detail",
            Self::Gap {} => "gap",
            Self::Bye(_) => "bye",
            Self::Degraded(_) => "degraded",
            Self::Here {} => "here",
        }
    }

    /// The SSE data: the fields as one line of JSON.
    pub fn data(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads an event; `None` for a name or a form this build does not know.
    pub fn read(name: &str, data: &str) -> Option<Self> {
        fn of<T: FromJson>(data: &str) -> Option<T> {
            serde_json::from_str::<Sent<T>>(data).ok().map(|sent| sent.0)
        }
        Some(match name {
            "hello" => Self::Hello(of(data)?),
            "run" => Self::Run(of(data)?),
            "lane" => Self::Lane(of(data)?),
            "strip" => Self::Strip(of(data)?),
            "minutes" => Self::Minutes(of(data)?),
            "worker" => Self::Worker(of(data)?),
            "log" => Self::Log(of(data)?),
            "detail" => Self::Detail(Box::new(of(data)?)),
            "gap" => Self::Gap {},
            "bye" => Self::Bye(of(data)?),
            "degraded" => Self::Degraded(of(data)?),
            "here" => Self::Here {},
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_is_read_back_from_its_name_and_data() {
        let events = [
            LiveEvent::Hello(Hello {
                seq: 7,
                server_time: 1,
                build: "b".to_owned(),
            }),
            LiveEvent::Strip(StripView::default()),
            LiveEvent::Gap {},
            LiveEvent::Bye(Bye { retry_ms: 500 }),
            LiveEvent::Degraded(Degraded { degraded: true }),
            LiveEvent::Here {},
        ];
        for event in events {
            assert!(LiveEvent::NAMES.contains(&event.name()));
            assert_eq!(LiveEvent::read(event.name(), &event.data()), Some(event));
        }
    }

    #[test]
    fn an_unknown_event_is_ignored() {
        assert_eq!(LiveEvent::read("later", "{}"), None);
    }
}
