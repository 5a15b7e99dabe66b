//! A cron as people say it, where that can be said without lying.

/// Times of day that are still read at a glance.
const MOST_NAMED: usize = 6;
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

/// `0 8 * * 1-5` → `At 08:00, Monday to Friday`. `None` when words would say something else than the cron, or more
/// than a person wants to read; then the cron itself is the better answer.
pub fn in_words(cron: &str) -> Option<String> {
    let cron = nickname(cron.trim());
    let fields: Vec<&str> = cron.split_ascii_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields[..] else {
        return None;
    };
    let minute = Field::read(minute, 0, 59, &[])?;
    let hour = Field::read(hour, 0, 23, &[])?;
    let day = Field::read(day, 1, 31, &[])?;
    let month = Field::read(month, 1, 12, &MONTHS)?;
    // Sunday is 0 and 7: at the end of a list it reads best.
    let mut weekday = Field::read(weekday, 0, 7, &DAYS)?;
    if weekday.values.contains(&7) || (weekday.values.contains(&0) && weekday.span().is_none()) {
        weekday.values.retain(|day| *day != 7 && *day != 0);
        weekday.values.push(7);
    }
    let (time, is_interval) = time(&minute, &hour)?;
    let days = days(&day, &weekday)?;
    let months = months(&month);
    let days = match (days.as_str(), is_interval, months.is_empty()) {
        ("", false, _) => " every day".to_owned(),
        _ => days,
    };
    Some(format!("{time}{days}{months}"))
}

fn nickname(cron: &str) -> &str {
    match cron.to_ascii_lowercase().as_str() {
        "@hourly" => "0 * * * *",
        "@daily" | "@midnight" => "0 0 * * *",
        "@weekly" => "0 0 * * 0",
        "@monthly" => "0 0 1 * *",
        "@yearly" | "@annually" => "0 0 1 1 *",
        _ => cron,
    }
}

/// What one field of a cron means: its values, and how they were written.
struct Field {
    values: Vec<u32>,
    is_any: bool,
    /// `*/n`.
    every: Option<u32>,
}

impl Field {
    fn read(text: &str, least: u32, most: u32, names: &[&str]) -> Option<Self> {
        let (mut values, mut every) = (Vec::new(), None);
        for part in text.split(',') {
            let (span, step) = match part.split_once('/') {
                Some((span, step)) => (span, step.parse().ok().filter(|step| *step > 0)?),
                None => (part, 1),
            };
            let (from, to) = match span.split_once('-') {
                None if span == "*" => (least, if names.len() == 7 { 6 } else { most }),
                // What a step after a single value means differs between readers of crons.
                None if step > 1 || part.contains('/') => return None,
                None => {
                    let only = value(span, names)?;
                    (only, only)
                }
                Some((from, to)) => (value(from, names)?, value(to, names)?),
            };
            if from < least || to > most || from > to {
                return None;
            }
            if span == "*" && step > 1 {
                every = Some(step);
            }
            values.extend((from..=to).step_by(step as usize));
        }
        values.sort_unstable();
        values.dedup();
        let is_single = !text.contains(',');
        Some(Self {
            is_any: matches!(text, "*" | "*/1"),
            every: every.filter(|_| is_single),
            values,
        })
    }

    fn only(&self) -> Option<u32> {
        match self.values[..] {
            [only] => Some(only),
            _ => None,
        }
    }

    /// First and last, when nothing between them is left out.
    fn span(&self) -> Option<(u32, u32)> {
        let (first, last) = (*self.values.first()?, *self.values.last()?);
        (last - first + 1 == self.values.len() as u32).then_some((first, last))
    }
}

fn value(text: &str, names: &[&str]) -> Option<u32> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok();
    }
    let at = names
        .iter()
        .position(|name| text.len() == 3 && name[..3].eq_ignore_ascii_case(text))?;
    // Months begin with 1, days of the week with 0.
    Some(at as u32 + u32::from(names.len() == 12))
}

/// The time of day, and whether it is an interval, which needs no "every day".
fn time(minute: &Field, hour: &Field) -> Option<(String, bool)> {
    // Only intervals that fit into the hour are the same distance apart all day.
    let steady = minute.every.filter(|step| 60 % step == 0);
    let pace = match (minute.is_any, steady) {
        (true, _) => Some("Every minute".to_owned()),
        (_, Some(step)) => Some(format!("Every {step} minutes")),
        _ => None,
    };
    if let Some(pace) = pace {
        if hour.is_any {
            return Some((pace, true));
        }
        let (from, to) = hour.span()?;
        let last = minute.values.last()?;
        return Some((format!("{pace} from {from:02}:00 to {to:02}:{last:02}"), true));
    }
    if hour.is_any {
        return match minute.only() {
            Some(0) => Some(("Every hour".to_owned(), true)),
            Some(minute) => Some((format!("Every hour at :{minute:02}"), true)),
            None if minute.values.len() <= MOST_NAMED => {
                let minutes: Vec<String> = minute.values.iter().map(|minute| format!(":{minute:02}")).collect();
                Some((format!("Every hour at {}", list(&minutes)), true))
            }
            None => None,
        };
    }
    if let (Some(step), Some(minute)) = (hour.every.filter(|step| 24 % step == 0), minute.only()) {
        return Some((format!("Every {step} hours from 00:{minute:02}"), true));
    }
    if let (Some((from, to)), Some(minute)) = (hour.span().filter(|(from, to)| to - from >= 2), minute.only()) {
        return Some((
            format!("Every hour from {from:02}:{minute:02} to {to:02}:{minute:02}"),
            true,
        ));
    }
    let times: Vec<String> = hour
        .values
        .iter()
        .flat_map(|hour| minute.values.iter().map(move |minute| format!("{hour:02}:{minute:02}")))
        .collect();
    (times.len() <= MOST_NAMED).then(|| (format!("At {}", list(&times)), false))
}

fn days(day: &Field, weekday: &Field) -> Option<String> {
    match (day.is_any, weekday.is_any) {
        (true, true) => Some(String::new()),
        (true, false) => Some(weekdays(weekday)),
        (false, true) => month_days(day),
        // Either of them is enough, unless one is written with a star: about that, readers of crons disagree.
        (false, false) if day.every.is_some() || weekday.every.is_some() => None,
        (false, false) => Some(format!(
            "{} and{}",
            month_days(day)?,
            weekdays(weekday).trim_start_matches(',')
        )),
    }
}

fn weekdays(weekday: &Field) -> String {
    let name = |day: &u32| DAYS[*day as usize % 7];
    match weekday.span() {
        Some((from, to)) if to - from >= 2 => format!(", {} to {}", name(&from), name(&to)),
        _ => {
            let names: Vec<String> = weekday.values.iter().map(|day| format!("{}s", name(day))).collect();
            format!(" on {}", list(&names))
        }
    }
}

fn month_days(day: &Field) -> Option<String> {
    let place = match day.span() {
        Some((from, to)) if to - from >= 2 => format!("the {} to the {}", ordinal(from), ordinal(to)),
        _ if day.values.len() > MOST_NAMED => return None,
        _ => {
            let days: Vec<String> = day.values.iter().map(|day| ordinal(*day)).collect();
            format!("the {}", list(&days))
        }
    };
    // Months without such a day are left out, not moved to their last.
    let all_lack = day.values.iter().all(|day| *day > 28);
    let of = if all_lack {
        "of months that have it"
    } else {
        "of the month"
    };
    Some(format!(" on {place} {of}"))
}

fn months(month: &Field) -> String {
    if month.is_any {
        return String::new();
    }
    let name = |month: &u32| MONTHS[*month as usize - 1].to_owned();
    match month.span() {
        Some((from, to)) if to - from >= 2 => format!(", {} to {}", name(&from), name(&to)),
        _ => format!(" in {}", list(&month.values.iter().map(name).collect::<Vec<_>>())),
    }
}

fn ordinal(number: u32) -> String {
    let ending = match (number % 10, number % 100) {
        (1, 1 | 21 | 31) => "st",
        (2, 2 | 22) => "nd",
        (3, 3 | 23) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

/// `a, b and c`.
fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::in_words;

    fn says(cron: &str) -> String {
        in_words(cron).unwrap_or_else(|| "nothing".to_owned())
    }

    #[test]
    fn a_time_of_day_names_its_days() {
        assert_eq!(says("0 8 * * *"), "At 08:00 every day");
        assert_eq!(says("0 8 * * 1-5"), "At 08:00, Monday to Friday");
        assert_eq!(says("30 17 * * FRI"), "At 17:30 on Fridays");
        assert_eq!(says("0 8,17 * * 1,4"), "At 08:00 and 17:00 on Mondays and Thursdays");
        assert_eq!(says("0 6 * * 6,0"), "At 06:00 on Saturdays and Sundays");
        assert_eq!(says("0 6 * * 5-7"), "At 06:00, Friday to Sunday");
        assert_eq!(says("0 6 * * 0-5"), "At 06:00, Sunday to Friday");
    }

    #[test]
    fn days_of_the_month_and_months_are_named() {
        assert_eq!(says("0 6 1 * *"), "At 06:00 on the 1st of the month");
        assert_eq!(
            says("0 6 1,15 1,7 *"),
            "At 06:00 on the 1st and 15th of the month in January and July"
        );
        assert_eq!(says("0 6 1-7 * *"), "At 06:00 on the 1st to the 7th of the month");
        assert_eq!(says("0 6 22 mar *"), "At 06:00 on the 22nd of the month in March");
        assert_eq!(says("0 6 * 6-8 *"), "At 06:00 every day, June to August");
    }

    #[test]
    fn a_day_that_months_lack_is_not_promised_for_all() {
        assert_eq!(says("0 0 31 * *"), "At 00:00 on the 31st of months that have it");
    }

    #[test]
    fn intervals_are_said_only_where_they_are_steady() {
        assert_eq!(says("* * * * *"), "Every minute");
        assert_eq!(says("*/15 * * * *"), "Every 15 minutes");
        assert_eq!(says("*/25 * * * *"), "Every hour at :00, :25 and :50");
        assert_eq!(says("0 * * * *"), "Every hour");
        assert_eq!(says("5 * * * *"), "Every hour at :05");
        assert_eq!(says("10 */6 * * *"), "Every 6 hours from 00:10");
        assert_eq!(says("0 */5 * * *"), "At 00:00, 05:00, 10:00, 15:00 and 20:00 every day");
        assert_eq!(
            says("*/15 9-17 * * 1-5"),
            "Every 15 minutes from 09:00 to 17:45, Monday to Friday"
        );
        assert_eq!(says("0 9-17 * * *"), "Every hour from 09:00 to 17:00");
    }

    #[test]
    fn a_day_of_the_month_beside_a_day_of_the_week_is_both() {
        assert_eq!(says("0 8 1 * 1"), "At 08:00 on the 1st of the month and on Mondays");
        assert_eq!(says("0 8 */2 * 1"), "nothing");
    }

    #[test]
    fn what_words_would_blur_stays_a_cron() {
        for cron in [
            "",
            "* * * *",
            "1-50/7 3 * * *",
            "0 0 L * *",
            "0 0 * * 5#2",
            "0 0 15W * *",
            "5/10 * * * *",
            "0 22-6 * * *",
            "61 * * * *",
            "*/7 9,13 * * *",
            "tomorrow",
        ] {
            assert_eq!(in_words(cron), None, "{cron}");
        }
    }

    #[test]
    fn nicknames_are_known() {
        assert_eq!(says("@daily"), "At 00:00 every day");
        assert_eq!(says("@weekly"), "At 00:00 on Sundays");
    }
}
