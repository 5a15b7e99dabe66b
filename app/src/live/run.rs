//! An opened run in the browser.

use super::hub;
use super::log::LogStore;
use super::wire::LiveEvent;
use crate::views::{DetailView, RunPageView, RunView};
use leptos::prelude::*;

/// What the page or drawer of a run shows; cheap to copy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RunStore {
    /// What changes.
    pub(crate) detail: RwSignal<DetailView>,
    /// What does not.
    pub(crate) page: StoredValue<RunPageView>,
    /// The run itself.
    pub(crate) run: Memo<RunView>,
    /// Its log.
    pub(crate) log: LogStore,
}

impl RunStore {
    /// Starts from what the server rendered.
    pub(crate) fn new(page: RunPageView) -> Self {
        let detail = RwSignal::new(page.detail.clone());
        Self {
            detail,
            run: Memo::new(move |_| detail.read().run.clone()),
            log: LogStore::new(&page),
            page: StoredValue::new(page),
        }
    }

    /// Keeps it fresh until the surrounding owner is cleaned up. Call it from an effect.
    pub(crate) fn watch(self) {
        let id = self.page.with_value(|page| page.detail.run.id.clone());
        let mine = id.clone();
        hub::watch(format!("run:{id}"), move |event| match event {
            LiveEvent::Detail(detail) if detail.run.id == mine => {
                self.log.hear_of(detail.log_line_count);
                let is_newer = {
                    let known = self.detail.read_untracked();
                    detail.run.version >= known.run.version && *known != **detail
                };
                if is_newer {
                    self.detail.set((**detail).clone());
                }
            }
            LiveEvent::Run(changed) => {
                for run in changed.rows.iter().filter(|run| run.id == mine) {
                    let is_newer = {
                        let known = self.detail.read_untracked();
                        run.version >= known.run.version && *run != known.run
                    };
                    if is_newer {
                        self.detail.update(|known| known.run = run.clone());
                    }
                }
            }
            _ => {}
        });
        hub::watch(format!("log:{id}"), move |event| match event {
            LiveEvent::Log(rows) if rows.run == id => self.log.append(&rows.chunks),
            LiveEvent::Hello(_) => self.log.catch_up(),
            _ => {}
        });
    }
}
