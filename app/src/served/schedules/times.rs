//! The next times of a cron, drawn while somebody writes it.

use crate::api::PageError;
use crate::served::{Ask, Page, parts::ago};
use leptos::prelude::*;
use runs::schedules::{self, Outlook, ScheduleError};

/// Times shown.
const SHOWN: usize = 5;

/// `/schedules/preview?cron=…&zone=…`: the piece that the form shows below the cron.
pub(super) async fn preview(ask: &Ask) -> Result<Page, PageError> {
    Ok(Page::piece(drawn(ask, ask.query("cron"), ask.query("zone")).await?))
}

/// Words and times, or what is wrong and where.
pub(super) async fn drawn(ask: &Ask, cron: Option<&str>, zone: Option<&str>) -> Result<AnyView, PageError> {
    let Some(cron) = cron.filter(|cron| !cron.trim().is_empty()) else {
        return Ok(html! { <p class="note">"Write a cron, and its next times appear here."</p> });
    };
    let mut tx = ask.services.begin(&ask.claims).await?;
    match schedules::outlook(&mut tx, cron, zone.unwrap_or("UTC"), SHOWN).await {
        Ok(outlook) => Ok(list(cron, outlook)),
        Err(ScheduleError::Timetable(error)) => Ok(html! { <p class="problem">{error.to_string()} "."</p> }),
        Err(error) => Err(error.into()),
    }
}

fn list(cron: &str, outlook: Outlook) -> AnyView {
    let words = outlook.words.unwrap_or_else(|| cron.to_owned());
    let times = outlook
        .times
        .into_iter()
        .map(|(at, wall)| html! { <li><span>{wall}</span> " " <span class="note">{ago(at)}</span></li> })
        .collect_view();
    html! { <p class="strong">{words} "."</p> <ol class="next-times">{times}</ol> }
}
