//! Who listens to what, what was said last, and how it reaches everybody.

use super::{
    Subscription, Topic,
    parts::in_parts,
    ring::{Ring, unnumbered},
};
use app::{
    live::{
        diff::board_events,
        wire::{Bye, Degraded, Hello, LiveEvent, LogRows},
    },
    views::{BoardView, ChunkView, DetailView},
};
use bytes::Bytes;
use domain::RunId;
use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::sync::{Notify, mpsc};

/// Events that may wait for one slow connection.
const QUEUE: usize = 1024;
/// How soon clients come back after an orderly stop.
const RETRY_MS: i64 = 1000;

/// The meeting place of listeners and the pump; cheap to clone.
#[derive(Clone)]
pub struct Hub(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    /// Somebody listens to something new.
    wanted: Notify,
}

struct State {
    ring: Ring,
    connections: HashMap<u64, Connection>,
    next_connection: u64,
    /// What was said last about the board; `None` when nobody listened to keep it fresh.
    board: Option<BoardView>,
    details: HashMap<RunId, DetailView>,
    is_degraded: bool,
    is_closed: bool,
}

struct Connection {
    topics: HashSet<Topic>,
    sender: mpsc::Sender<Bytes>,
    overflowed: Arc<AtomicBool>,
}

impl Default for Hub {
    fn default() -> Self {
        Self::new()
    }
}

impl Hub {
    /// A hub that nobody listens to.
    pub fn new() -> Self {
        let state = State {
            ring: Ring::new(),
            connections: HashMap::new(),
            next_connection: 0,
            board: None,
            details: HashMap::new(),
            is_degraded: false,
            is_closed: false,
        };
        Self(Arc::new(Shared {
            state: Mutex::new(state),
            wanted: Notify::new(),
        }))
    }

    /// Begins to listen. With the id of the last event that was heard (`since`), what came after it
    /// follows, or `gap` when that is gone; without it, `hello` and what was said last about each topic.
    pub fn subscribe(&self, topics: HashSet<Topic>, since: Option<&str>, server_time: i64) -> Subscription {
        let mut state = self.lock();
        let mut first = vec![unnumbered(&LiveEvent::Hello(Hello {
            seq: state.ring.seq(),
            server_time,
            build: app::boot::build().to_owned(),
        }))];
        if state.is_degraded {
            first.push(unnumbered(&LiveEvent::Degraded(Degraded { degraded: true })));
        }
        let resumed = match since {
            Some(since) => state.missed(&topics, since),
            None => Some(state.said_last(&topics)),
        };
        let (sender, receiver) = mpsc::channel(QUEUE);
        let overflowed = Arc::new(AtomicBool::new(false));
        let gap = unnumbered(&LiveEvent::Gap {});
        let number = state.next_connection;
        state.next_connection += 1;
        match resumed {
            Some(frames) if !state.is_closed => {
                first.extend(frames);
                state.connections.insert(
                    number,
                    Connection {
                        topics,
                        sender,
                        overflowed: Arc::clone(&overflowed),
                    },
                );
            }
            // Without a sender the stream ends after these words.
            Some(_) => first.push(Self::bye()),
            None => first.push(gap.clone()),
        }
        metrics::gauge!("runboard_live_connections").set(state.connections.len() as f64);
        drop(state);
        self.0.wanted.notify_one();
        Subscription::new(self.clone(), number, first, receiver, overflowed, gap)
    }

    pub(super) fn unsubscribe(&self, number: u64) {
        let mut state = self.lock();
        state.connections.remove(&number);
        metrics::gauge!("runboard_live_connections").set(state.connections.len() as f64);
    }

    /// Connections that listen now.
    pub fn connection_count(&self) -> usize {
        self.lock().connections.len()
    }

    /// What a stream says before it ends in order: its listener comes back and goes on from where it was.
    pub fn bye() -> Bytes {
        unnumbered(&LiveEvent::Bye(Bye { retry_ms: RETRY_MS }))
    }

    /// Says `bye` to everybody and takes nobody new.
    pub fn close(&self) {
        let mut state = self.lock();
        state.is_closed = true;
        state.publish(None, &[LiveEvent::Bye(Bye { retry_ms: RETRY_MS })]);
        state.connections.clear();
    }

    /// Resolves when somebody listens to something new.
    pub(super) async fn wanted(&self) {
        self.0.wanted.notified().await;
    }

    /// Everything somebody listens to. What nobody listens to any more is forgotten.
    pub(super) fn topics(&self) -> HashSet<Topic> {
        let mut state = self.lock();
        let topics: HashSet<Topic> = state
            .connections
            .values()
            .flat_map(|connection| connection.topics.iter().cloned())
            .collect();
        if !topics.contains(&Topic::Board) {
            state.board = None;
        }
        state.details.retain(|run, _| topics.contains(&Topic::Run(run.clone())));
        topics
    }

    /// Whether something was said about this topic to those who listen.
    pub(super) fn has_said(&self, topic: &Topic) -> bool {
        let state = self.lock();
        match topic {
            Topic::Board => state.board.is_some(),
            Topic::Run(run) => state.details.contains_key(run),
            Topic::Log(_) => true,
        }
    }

    /// Publishes what changed on the board. Runs that left the board are named, so that their last
    /// state can be said as well.
    pub(super) fn publish_board(&self, board: BoardView) -> Vec<String> {
        let mut state = self.lock();
        let events = board_events(state.board.as_ref(), &board);
        state.publish(Some(&Topic::Board), &events);
        let shown: HashSet<&str> = board.runs.iter().map(|run| run.id.as_str()).collect();
        let left = state.board.iter().flat_map(|before| &before.runs);
        let left = left.filter(|run| !run.status.is_final() && !shown.contains(run.id.as_str()));
        let left = left.map(|run| run.id.clone()).collect();
        state.board = Some(board);
        left
    }

    /// Publishes a message to those who listen to `topic`.
    pub(super) fn publish(&self, topic: &Topic, event: &LiveEvent) {
        self.lock().publish(Some(topic), std::slice::from_ref(event));
    }

    /// Publishes a run with everything around it, if it changed.
    pub(super) fn publish_detail(&self, run: &RunId, detail: DetailView) {
        let mut state = self.lock();
        if state.details.get(run) != Some(&detail) {
            state.publish(
                Some(&Topic::Run(run.clone())),
                &[LiveEvent::Detail(Box::new(detail.clone()))],
            );
            state.details.insert(run.clone(), detail);
        }
    }

    /// Publishes lines, in events of a bounded size.
    pub(super) fn publish_log(&self, run: &RunId, chunks: Vec<ChunkView>) {
        let mut state = self.lock();
        let topic = Topic::Log(run.clone());
        // One by one: a part is large already.
        for chunks in in_parts(chunks) {
            let rows = LogRows {
                run: run.to_string(),
                chunks,
            };
            state.publish(Some(&topic), &[LiveEvent::Log(rows)]);
        }
    }

    /// Publishes whether the server polls because it lost its line to Postgres.
    pub(super) fn publish_degraded(&self, degraded: bool) {
        let mut state = self.lock();
        if std::mem::replace(&mut state.is_degraded, degraded) != degraded {
            state.publish(None, &[LiveEvent::Degraded(Degraded { degraded })]);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Says events that belong together. Their lines are made once and reach each connection in one piece:
    /// with thousands of listeners it is the count of pieces that costs.
    fn publish(&mut self, topic: Option<&Topic>, events: &[LiveEvent]) {
        let frames: Vec<Bytes> = events
            .iter()
            .map(|event| self.ring.push(topic.cloned(), event).frame)
            .collect();
        let frame = match frames.as_slice() {
            [] => return,
            [only] => only.clone(),
            several => several.concat().into(),
        };
        self.connections.retain(|_, connection| {
            if topic.is_some_and(|topic| !connection.topics.contains(topic)) {
                return true;
            }
            let sent = connection.sender.try_send(frame.clone());
            if matches!(sent, Err(mpsc::error::TrySendError::Full(_))) {
                connection.overflowed.store(true, Ordering::Release);
            }
            sent.is_ok()
        });
    }

    fn missed(&self, topics: &HashSet<Topic>, since: &str) -> Option<Vec<Bytes>> {
        let entries = self.ring.after(since)?;
        let heard = entries.filter(|entry| entry.topic.as_ref().is_none_or(|topic| topics.contains(topic)));
        Some(heard.map(|entry| entry.frame.clone()).collect())
    }

    /// The present state of each topic, as far as it is known; the pump says the rest. Only when all is
    /// known does the last event carry a number from which to go on.
    fn said_last(&self, topics: &HashSet<Topic>) -> Vec<Bytes> {
        let mut events = Vec::new();
        let mut is_whole = true;
        for topic in topics {
            match topic {
                Topic::Board => match &self.board {
                    Some(board) => events.extend(board_events(None, board)),
                    None => is_whole = false,
                },
                Topic::Run(run) => match self.details.get(run) {
                    Some(detail) => events.push(LiveEvent::Detail(Box::new(detail.clone()))),
                    None => is_whole = false,
                },
                Topic::Log(_) => {}
            }
        }
        let last = if is_whole { events.pop() } else { None };
        let mut frames: Vec<Bytes> = events.iter().map(unnumbered).collect();
        frames.extend(last.map(|event| self.ring.closing_frame(&event)));
        frames
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::views::StripView;

    fn board(running: i64) -> BoardView {
        BoardView {
            server_time: 0,
            strip: StripView {
                running,
                ..StripView::default()
            },
            minutes: Vec::new(),
            lanes: Vec::new(),
            runs: Vec::new(),
            workers: Vec::new(),
        }
    }

    fn listen(hub: &Hub) -> Subscription {
        hub.subscribe(HashSet::from([Topic::Board]), None, 0)
    }

    async fn hear(subscription: &mut Subscription) -> String {
        let frame = subscription.next().await.expect("the stream goes on");
        let text = String::from_utf8(frame.to_vec()).unwrap();
        let names: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("event: ")).collect();
        names.join(" ")
    }

    #[tokio::test]
    async fn a_listener_that_is_too_slow_is_told_and_let_go_and_the_others_go_on() {
        let hub = Hub::new();
        let mut slow = listen(&hub);
        for running in 0..=QUEUE as i64 {
            hub.publish_board(board(running));
        }
        let mut quick = listen(&hub);
        assert_eq!(hear(&mut slow).await, "gap");
        assert!(slow.next().await.is_none());
        assert_eq!(hub.connection_count(), 1);
        assert_eq!(hear(&mut quick).await, "hello");
        while hear(&mut quick).await != "worker" {}
        hub.publish_board(board(-1));
        hub.publish_board(board(-2));
        assert_eq!(hear(&mut quick).await, "strip strip", "what waits comes in one piece");
    }

    #[tokio::test]
    async fn a_board_that_did_not_change_is_not_said_again() {
        let hub = Hub::new();
        let mut listener = listen(&hub);
        hub.publish_board(board(1));
        let before = hub.lock().ring.seq();
        hub.publish_board(board(1));
        assert_eq!(hub.lock().ring.seq(), before);
        assert_eq!(hear(&mut listener).await, "hello");
    }

    #[tokio::test]
    async fn everybody_is_told_once_that_changes_come_late() {
        let hub = Hub::new();
        let mut early = listen(&hub);
        hub.publish_degraded(true);
        hub.publish_degraded(true);
        let mut late = listen(&hub);
        for listener in [&mut early, &mut late] {
            assert_eq!(hear(listener).await, "hello");
            assert_eq!(hear(listener).await, "degraded");
        }
        hub.publish_degraded(false);
        assert_eq!(hear(&mut early).await, "degraded");
    }

    #[tokio::test]
    async fn a_closed_hub_says_goodbye_to_those_who_are_there_and_those_who_come() {
        let hub = Hub::new();
        let mut before = listen(&hub);
        hub.close();
        let mut after = listen(&hub);
        for listener in [&mut before, &mut after] {
            assert_eq!(hear(listener).await, "hello");
            assert_eq!(hear(listener).await, "bye");
            assert!(listener.next().await.is_none());
        }
    }

    #[tokio::test]
    async fn what_nobody_listens_to_is_forgotten() {
        let hub = Hub::new();
        let listener = listen(&hub);
        hub.publish_board(board(1));
        assert!(hub.has_said(&Topic::Board));
        drop(listener);
        assert!(hub.topics().is_empty());
        assert!(!hub.has_said(&Topic::Board));
    }
}
