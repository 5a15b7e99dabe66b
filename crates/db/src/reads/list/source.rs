//! Which part of the ledger a list reads.
//!
//! Parts that are in the order of lists are looked through from the newest, so many runs per page at most;
//! parts that are small are read whole. So no page costs much more than another, whatever its filter asks for.

use super::filter::{ENDED, OPEN};
use super::{RunFilter, named};
use crate::{PgConnection, Result, statements::statements};
use sqlx::{Postgres, postgres::PgArguments, query::QueryAs};

/// A part with fewer runs is small.
pub(crate) const SMALL: i64 = 5_000;

/// A part of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// All of it.
    Ledger,
    /// What failed or was canceled.
    EndedBadly,
    /// Runs of one template.
    Template,
    /// Runs of one action.
    Action,
    /// Ids that begin alike.
    Ids,
    /// All of it, from the newest open run on.
    NewestOpen,
    /// What is open, whole.
    Open,
    /// A lane, whole.
    Lane,
    /// What one run started, whole.
    Parent,
}

/// Runs in parts that the filter names, counted so far and no further; `None` where it names none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Sizes {
    open: Option<i64>,
    lane: Option<i64>,
    template: Option<i64>,
    action: Option<i64>,
}

impl Source {
    /// The part in which a page of this filter costs least.
    pub(crate) async fn of(conn: &mut PgConnection, filter: &RunFilter) -> Result<Self> {
        let has_choice = filter.lane.len() == 1
            || filter.only_statuses(OPEN)
            || (filter.ended_badly() && (!filter.template.is_empty() || !filter.action.is_empty()));
        let sizes = if has_choice {
            sizes(filter, SMALL).fetch_one(conn).await?
        } else {
            Sizes::default()
        };
        Ok(Self::choose(filter, sizes))
    }

    fn choose(filter: &RunFilter, sizes: Sizes) -> Self {
        let is_small = |size: Option<i64>| size.is_some_and(|size| size < SMALL);
        let by_template = (filter.template.len() == 1).then_some(Self::Template);
        let by_action = (filter.action.len() == 1).then_some(Self::Action);
        if filter.parent.is_some() {
            Self::Parent
        } else if filter.id_prefix().is_some() {
            Self::Ids
        } else if is_small(sizes.open) {
            Self::Open
        } else if is_small(sizes.lane) {
            Self::Lane
        } else if is_small(sizes.template) {
            Self::Template
        } else if is_small(sizes.action) {
            Self::Action
        } else if filter.ended_badly() {
            Self::EndedBadly
        } else if sizes.open.is_some() {
            Self::NewestOpen
        } else {
            by_template.or(by_action).unwrap_or(Self::Ledger)
        }
    }

    /// Runs of this part that are looked at for one page.
    pub(crate) fn look(self, filter: &RunFilter) -> i64 {
        match self {
            Self::Ledger | Self::Ids | Self::NewestOpen if filter.text.is_some() => 20_000,
            // Parameters may be long, and are read to be compared.
            Self::Ledger | Self::Ids | Self::NewestOpen if !filter.params.is_empty() => 10_000,
            _ if !filter.params.is_empty() => 5_000,
            // What ended may begin below a long queue.
            Self::Ledger if filter.only_statuses(ENDED) => 120_000,
            Self::Ledger | Self::Ids | Self::NewestOpen => 50_000,
            // Neighbours in these are pages apart in the ledger.
            _ => 10_000,
        }
    }

    /// The statement that answers a page out of this part.
    pub(crate) fn statement(self) -> &'static str {
        match self {
            Self::Ledger => FROM_LEDGER,
            Self::EndedBadly => FROM_ENDED_BADLY,
            Self::Template => FROM_TEMPLATE,
            Self::Action => FROM_ACTION,
            Self::Ids => FROM_IDS,
            Self::NewestOpen => FROM_NEWEST_OPEN,
            Self::Open => OF_OPEN,
            Self::Lane => OF_LANE,
            Self::Parent => OF_PARENT,
        }
    }
}

/// How many runs a filter names, counted no further than `most`, when the tables of the queue alone can tell.
pub async fn count_open(conn: &mut PgConnection, filter: &RunFilter, most: i64) -> Result<Option<i64>> {
    let plain = RunFilter {
        status: filter.status.clone(),
        lane: filter.lane.clone(),
        ..RunFilter::default()
    };
    if *filter != plain {
        return Ok(None);
    }
    Ok(sizes(filter, most).fetch_one(conn).await?.open)
}

/// Counts what the filter names, no further than `most`; planned anew each time, so that what is absent costs
/// nothing.
pub(crate) fn sizes(filter: &RunFilter, most: i64) -> QueryAs<'_, Postgres, Sizes, PgArguments> {
    sqlx::query_as(SIZES)
        .persistent(false)
        .bind(filter.statuses())
        .bind(named(&filter.lane))
        .bind(named(&filter.template))
        .bind(named(&filter.action))
        .bind(most)
        .bind(filter.tables())
}

macro_rules! part {
    ($file:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/queries/reads/list/", $file))
    };
}

/// A page out of the next $18 runs of a part that is in the order of lists. A planner that knew the number would
/// rather fetch and sort a part that is not much larger than walk its index; `select` hides it.
macro_rules! page_from {
    ($file:literal, $order:literal) => {
        concat!(
            "with found as materialized (\nselect r.created_at, r.run_id\nfrom (\n",
            part!($file),
            part!("window.sql"),
            concat!("order by ", $order, "\nlimit (select $18::bigint)\n) as r\n"),
            part!("filter.sql"),
            concat!("order by ", $order, "\nlimit $10 + 1\n),\nstop as (\n"),
            part!($file),
            part!("window.sql"),
            concat!("order by ", $order, "\noffset (select $18 - 1)\nlimit 1\n)\n"),
            part!("page.sql")
        )
    };
}

/// A page out of a part that is read whole.
macro_rules! page_of {
    ($file:literal) => {
        concat!(
            "with found as materialized (\nselect r.created_at, r.run_id\nfrom (\n",
            part!($file),
            ") as r\n",
            part!("filter.sql"),
            part!("window.sql"),
            "order by r.created_at desc, r.run_id desc\nlimit $10 + 1\n),\n",
            "stop as (select null::timestamptz as created_at, null::text as run_id where false)\n",
            part!("page.sql")
        )
    };
}

statements! {
    SIZES = part!("sizes.sql");
    FROM_LEDGER = page_from!("from_ledger.sql", "r.created_at desc, r.run_id desc");
    FROM_ENDED_BADLY = page_from!("from_ended_badly.sql", "r.created_at desc, r.run_id desc");
    FROM_TEMPLATE = page_from!("from_template.sql", "r.template_slug, r.created_at desc, r.run_id desc");
    FROM_ACTION = page_from!("from_action.sql", "r.action, r.created_at desc, r.run_id desc");
    FROM_IDS = page_from!("from_ids.sql", "r.created_at desc, r.run_id desc");
    FROM_NEWEST_OPEN = page_from!("from_newest_open.sql", "r.created_at desc, r.run_id desc");
    OF_OPEN = page_of!("of_open.sql");
    OF_LANE = page_of!("of_lane.sql");
    OF_PARENT = page_of!("of_parent.sql");
}
