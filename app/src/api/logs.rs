//! Reads parts of the log of a run, and searches it.

use super::PageError;
use crate::views::{LogAsk, LogHits, LogPartView, Sent};
use leptos::{prelude::*, server_fn::codec::Json};

/// Most lines one answer carries.
#[cfg(feature = "ssr")]
const MOST_LINES: i64 = 2_000;
/// Most hits one answer carries.
#[cfg(feature = "ssr")]
const MOST_HITS: usize = 1_000;

/// `lines` fitting lines from line `from` on, or back from it.
#[server(prefix = "/fn", endpoint = "read_log", input = Json)]
pub(crate) async fn read_log(
    run_id: String,
    ask: LogAsk,
    from: i64,
    back: bool,
    lines: i64,
) -> Result<Sent<LogPartView>, PageError> {
    let (services, claims) = super::error::caller()?;
    let mut tx = services.begin(&claims).await?;
    Ok(Sent(
        ssr::part(&mut tx, &run_id, &ask, from, back, lines.clamp(1, MOST_LINES)).await?,
    ))
}

/// The lines from `from` on that fit and hold the text.
#[server(prefix = "/fn", endpoint = "search_log", input = Json)]
pub(crate) async fn search_log(run_id: String, ask: LogAsk, from: i64) -> Result<Sent<LogHits>, PageError> {
    let (services, claims) = super::error::caller()?;
    let mut tx = services.begin(&claims).await?;
    Ok(Sent(ssr::hits(&mut tx, &run_id, &ask, from).await?))
}

#[cfg(feature = "ssr")]
pub(super) mod ssr {
    use super::MOST_HITS;
    use crate::views::{LogAsk, LogHits, LogPartView, filter, picked_view, tail_view, whole_view};
    use db::PgConnection;
    use runs::{log, read};

    /// Reads a part; without a filter it has no gaps.
    pub(in crate::api) async fn part(
        conn: &mut PgConnection,
        run_id: &str,
        ask: &LogAsk,
        from: i64,
        back: bool,
        lines: i64,
    ) -> db::Result<LogPartView> {
        if ask.is_partial() {
            let look = if back {
                log::Look::Back(from)
            } else {
                log::Look::From(from)
            };
            let pick = log::pick(conn, run_id, &filter(ask, false), look, lines as usize).await?;
            return Ok(picked_view(pick));
        }
        let first = if back { from - lines + 1 } else { from }.max(1);
        let chunks = read::log_range(conn, run_id, first, lines).await?;
        Ok(whole_view(chunks, first, first + lines - 1))
    }

    /// Reads the last lines.
    pub(in crate::api) async fn tail(
        conn: &mut PgConnection,
        run_id: &str,
        ask: &LogAsk,
        newest: i64,
        lines: i64,
    ) -> db::Result<LogPartView> {
        if ask.is_partial() {
            return part(conn, run_id, ask, newest, true, lines).await;
        }
        Ok(tail_view(read::log_tail(conn, run_id, lines).await?, lines))
    }

    /// Searches the text; without one there are no hits.
    pub(in crate::api) async fn hits(
        conn: &mut PgConnection,
        run_id: &str,
        ask: &LogAsk,
        from: i64,
    ) -> db::Result<LogHits> {
        let filter = filter(ask, true);
        if filter.text.is_none() {
            return Ok(LogHits::default());
        }
        let (lines, has_more) = log::find(conn, run_id, &filter, from, MOST_HITS).await?;
        Ok(LogHits { lines, has_more })
    }
}
