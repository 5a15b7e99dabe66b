//! The locale of a workbook: how its people write numbers and days.

/// In which order people write a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// 31/12/2026.
    DayFirst,
    /// 12/31/2026.
    MonthFirst,
    /// 2026/12/31 and nothing else.
    YearFirst,
}

/// How numbers and days are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Locale {
    /// The decimals follow a comma.
    pub decimal_comma: bool,
    /// The order of day, month and year.
    pub order: DateOrder,
}

/// Languages in which decimals follow a comma.
const COMMA: &[&str] = &[
    "af", "az", "be", "bg", "bs", "ca", "cs", "da", "de", "el", "es", "et", "eu", "fi", "fr", "gl", "hr", "hu", "hy",
    "id", "in", "is", "it", "ka", "kk", "ky", "lt", "lv", "mk", "mn", "nb", "nl", "nn", "no", "pl", "pt", "ro", "ru",
    "sk", "sl", "sq", "sr", "sv", "tr", "uk", "uz", "vi",
];
/// Places where they do not, whatever the language.
const POINT: &[&str] = &["CH", "DO", "GT", "HN", "LI", "MX", "NI", "PA", "PE", "PR", "SV", "US"];
/// Languages that write the year first.
const YEAR_FIRST: &[&str] = &["eu", "hu", "ja", "ko", "lt", "mn", "sv", "zh"];
/// Places that write the month first.
const MONTH_FIRST: &[&str] = &["US", "PH", "PR", "FM", "MH"];

impl Locale {
    /// What `code` (`de_DE`, `en-GB`, `fr`) stands for; a code without a place is taken as its largest country.
    pub fn of(code: &str) -> Self {
        let mut parts = code.split(['_', '-']);
        let language = parts.next().unwrap_or_default().to_ascii_lowercase();
        let place = parts.next_back().unwrap_or_default().to_ascii_uppercase();
        let is_english = matches!(language.as_str(), "en" | "");
        let order = if MONTH_FIRST.contains(&place.as_str()) || (is_english && place.is_empty()) {
            DateOrder::MonthFirst
        } else if YEAR_FIRST.contains(&language.as_str()) || (is_english && place == "CA") {
            DateOrder::YearFirst
        } else {
            DateOrder::DayFirst
        };
        let decimal_comma =
            (COMMA.contains(&language.as_str()) && !POINT.contains(&place.as_str())) || (is_english && place == "ZA");
        Self { decimal_comma, order }
    }
}
