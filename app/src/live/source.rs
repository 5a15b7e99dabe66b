//! One EventSource connection: opens, reports, closes when dropped.

use super::wire::LiveEvent;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};

/// What a connection reports.
pub(super) enum Report {
    /// An event and its id.
    Event(LiveEvent, String),
    /// The connection broke.
    Broken,
}

/// An open connection.
pub(super) struct Source {
    inner: EventSource,
    message: Closure<dyn Fn(MessageEvent)>,
    error: Closure<dyn Fn()>,
}

impl Source {
    /// Connects to `address`; `None` when the browser refuses.
    pub(super) fn open(address: &str, report: impl Fn(Report) + Clone + 'static) -> Option<Self> {
        let inner = EventSource::new(address).ok()?;
        let tell = report.clone();
        let message = Closure::new(move |message: MessageEvent| {
            let data = message.data().as_string().unwrap_or_default();
            if let Some(event) = LiveEvent::read(&message.type_(), &data) {
                tell(Report::Event(event, message.last_event_id()));
            }
        });
        let error = Closure::new(move || report(Report::Broken));
        for name in LiveEvent::NAMES {
            let _ = inner.add_event_listener_with_callback(name, message.as_ref().unchecked_ref());
        }
        inner.set_onerror(Some(error.as_ref().unchecked_ref()));
        Some(Self { inner, message, error })
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        self.inner.set_onerror(None);
        for name in LiveEvent::NAMES {
            let _ = self
                .inner
                .remove_event_listener_with_callback(name, self.message.as_ref().unchecked_ref());
        }
        self.inner.close();
        let _ = &self.error;
    }
}
