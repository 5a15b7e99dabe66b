//! How much memory the texts of a step may take to work out. Fuel counts instructions; one instruction can
//! make a gigabyte out of a short text.
//!
//! Filters that make texts or lists pay for what they will make, before they make it. What no filter sees,
//! `~` and `*`, is counted in the source.

use domain::JsonMeasure;
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value,
    value::{Rest, ValueKind, ValueOrKwargs},
};
use std::{
    cell::Cell,
    fmt::{self, Write as _},
    io,
    sync::LazyLock,
};

/// Bytes one text may grow to.
pub(super) const LONGEST_TEXT: usize = 1024 * 1024;
/// Bytes that all filters of one text may make together.
const MOST_MADE: usize = 8 * LONGEST_TEXT;
/// Bytes of an item of a list.
const ITEM_BYTES: usize = 64;
/// How often one text may use an operator that makes texts: `~` joins two, `*` repeats one up to 100 MB.
const MOST_OPERATORS: [(u8, usize); 2] = [(b'~', 64), (b'*', 4)];
/// Filters that make texts or lists out of what they get, without calling others.
const MAKERS: [&str; 23] = [
    "batch",
    "capitalize",
    "dictsort",
    "e",
    "escape",
    "format",
    "indent",
    "join",
    "lines",
    "list",
    "lower",
    "pprint",
    "replace",
    "reverse",
    "safe",
    "slice",
    "sort",
    "split",
    "string",
    "title",
    "tojson",
    "trim",
    "upper",
];

thread_local! {
    /// What the filters of the text that is worked out now have made.
    static MADE: Cell<usize> = const { Cell::new(0) };
}

/// The filters as they come, behind the ones that pay.
static PLAIN: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment
});

/// Lets the filters of `environment` pay for what they make.
pub(super) fn bound(environment: &mut Environment<'static>) {
    for name in MAKERS {
        environment.add_filter(name, move |args: Rest<ValueOrKwargs>| {
            let args = args.into_values();
            pay(most(name, &args))?;
            PLAIN.empty_state().apply_filter(name, &args)
        });
    }
}

/// Begins to count anew: another text is worked out.
pub(super) fn begin() {
    MADE.set(0);
}

/// Refuses what fills memory whatever the values are: statements, and too many operators that make texts.
pub(super) fn check_source(text: &str) -> Result<(), Error> {
    let refused = |why: String| Err(Error::new(ErrorKind::SyntaxError, why));
    if text.contains("{%") {
        return refused("a text may have {{ expressions }}, and no {% statements %}".to_owned());
    }
    let expressions = text
        .split("{{")
        .skip(1)
        .map(|part| part.split("}}").next().unwrap_or(part));
    check_operators(expressions)
}

/// The same for an expression without its braces.
pub(super) fn check_expression(source: &str) -> Result<(), Error> {
    check_operators([source])
}

fn check_operators<'t>(sources: impl IntoIterator<Item = &'t str>) -> Result<(), Error> {
    let mut found = MOST_OPERATORS.map(|_| 0);
    for source in sources {
        let mut quote = None;
        for byte in source.bytes() {
            match quote {
                Some(open) if byte == open => quote = None,
                Some(_) => {}
                None if matches!(byte, b'"' | b'\'') => quote = Some(byte),
                None => {
                    for (count, (operator, _)) in found.iter_mut().zip(MOST_OPERATORS) {
                        *count += usize::from(byte == operator);
                    }
                }
            }
        }
    }
    for (count, (operator, most)) in found.into_iter().zip(MOST_OPERATORS) {
        if count > most {
            let why = format!("one text may use {} at most {most} times", char::from(operator));
            return Err(Error::new(ErrorKind::SyntaxError, why));
        }
    }
    Ok(())
}

/// A text that is written piece by piece and never grows past [`LONGEST_TEXT`].
#[derive(Debug, Default)]
pub(super) struct BoundedText(Vec<u8>);

impl BoundedText {
    /// What was written.
    pub(super) fn into_text(self) -> String {
        String::from_utf8_lossy(&self.0).into_owned()
    }
}

impl io::Write for BoundedText {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > LONGEST_TEXT {
            return Err(io::Error::other("the text is too long"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Why a text or a value is not taken.
pub(super) fn too_long() -> Error {
    let limit = format!("it becomes longer than {} KiB", LONGEST_TEXT / 1024);
    Error::new(ErrorKind::WriteFailure, limit)
}

fn pay(bytes: usize) -> Result<(), Error> {
    let made = MADE.get().saturating_add(bytes);
    MADE.set(made);
    if made > MOST_MADE { Err(too_long()) } else { Ok(()) }
}

/// The most that a filter makes of these arguments, in bytes.
fn most(name: &str, args: &[Value]) -> usize {
    let Some(value) = args.first() else { return 0 };
    let (length, number) = (text_length(value), largest_number(&args[1..]));
    match name {
        "replace" => {
            let (whole, from) = (value.as_str(), args.get(1).and_then(Value::as_str));
            let count = match (whole, from) {
                (Some(whole), Some(from)) if !from.is_empty() => whole.matches(from).count(),
                _ => length + 1,
            };
            length.saturating_add(count.saturating_mul(args.get(2).map_or(0, text_length)))
        }
        "join" => {
            let count = value.len().unwrap_or(length);
            length.saturating_add(count.saturating_mul(args.get(1).map_or(0, text_length)))
        }
        "indent" => {
            let lines = value.as_str().map_or(1, |text| text.lines().count() + 1);
            length.saturating_add(lines.saturating_mul(number.max(4)))
        }
        "format" => {
            let text = value.as_str().unwrap_or_default();
            // A width stands in the text, or in a number that is given along.
            let widths = text
                .split(|digit: char| !digit.is_ascii_digit())
                .filter(|digits| !digits.is_empty());
            let width: usize = widths.fold(0_usize, |sum, digits| {
                sum.saturating_add(digits.parse().unwrap_or(usize::MAX))
            });
            let places = text.matches('%').count();
            let longest = args[1..].iter().map(text_length).max().unwrap_or(0);
            length
                .saturating_add(width)
                .saturating_add(places.saturating_mul(longest.saturating_add(number)))
        }
        "tojson" => json_length(value).saturating_mul(number.saturating_add(1)),
        "slice" | "batch" => items(value).saturating_add(number.saturating_mul(ITEM_BYTES)),
        "split" | "lines" => length.saturating_mul(ITEM_BYTES / 8),
        "list" | "sort" | "dictsort" => items(value).max(length),
        "reverse" if value.as_str().is_none() => items(value),
        _ => length,
    }
}

fn items(value: &Value) -> usize {
    value.len().unwrap_or(0).saturating_mul(ITEM_BYTES)
}

/// The largest number among arguments, also among those with a name.
fn largest_number(args: &[Value]) -> usize {
    let own = args.iter().filter_map(Value::as_usize);
    let named = args.iter().filter(|arg| arg.kind() == ValueKind::Map).flat_map(|map| {
        map.try_iter()
            .into_iter()
            .flatten()
            .filter_map(|name| map.get_item(&name).ok()?.as_usize())
    });
    own.chain(named).max().unwrap_or(0)
}

/// Bytes of a value as text, counted up to where nothing can pay for it.
fn text_length(value: &Value) -> usize {
    if let Some(text) = value.as_str() {
        return text.len();
    }
    let mut counter = Counter(0);
    let _ = write!(counter, "{value}");
    counter.0
}

fn json_length(value: &Value) -> usize {
    let mut measure = Stopping(JsonMeasure::default());
    match serde_json::to_writer(&mut measure, value) {
        Ok(()) => measure.0.bytes(),
        Err(_) => MOST_MADE + 1,
    }
}

/// Counts what is written, and has enough after [`MOST_MADE`].
struct Counter(usize);

impl fmt::Write for Counter {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 += text.len();
        if self.0 > MOST_MADE { Err(fmt::Error) } else { Ok(()) }
    }
}

/// Measures what is written, and has enough after [`MOST_MADE`].
struct Stopping(JsonMeasure);

impl io::Write for Stopping {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.bytes() > MOST_MADE {
            return Err(io::Error::other("enough"));
        }
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Refuses a value that would be longer than [`LONGEST_TEXT`] as JSON.
pub(super) fn check_value(value: &Value) -> Result<(), Error> {
    if json_length(value) > LONGEST_TEXT {
        Err(too_long())
    } else {
        Ok(())
    }
}
