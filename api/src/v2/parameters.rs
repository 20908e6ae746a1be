//! Parameters of query strings that several lists read alike. What does not fit is told with the parameter's name.

use domain::limits::DAYS_MAX;
use domain::rules::day::days_between;
use infrastructure::postgres::rows::id as read_id;
use jiff::civil::{Date, date};
use uuid::Uuid;

use crate::problem::{Code, Problem};

/// The first and the last day that a store of dates and a calendar both know.
const DAYS: (Date, Date) = (date(1, 1, 1), date(9999, 12, 31));

/// A parameter that does not fit.
pub fn invalid(parameter: &'static str, detail: impl Into<String>) -> Problem {
    Problem::new(Code::QueryInvalid).detail(detail).with("parameter", parameter)
}

/// A text that the store can look for: none of its texts holds a NUL.
///
/// # Errors
/// `query_invalid` if it holds one.
pub fn text(parameter: &'static str, said: Option<String>) -> Result<Option<String>, Problem> {
    let is_good = said.as_ref().is_none_or(|said| !said.contains('\0'));
    if is_good { Ok(said) } else { Err(invalid(parameter, format!("`{parameter}` holds a NUL."))) }
}

/// An id.
///
/// # Errors
/// `query_invalid` if it is none.
pub fn id(parameter: &'static str, text: &str) -> Result<Uuid, Problem> {
    read_id(text).ok_or_else(|| invalid(parameter, format!("`{parameter}` is an id.")))
}

/// A local day.
///
/// # Errors
/// `query_invalid` if it is none.
pub fn day(parameter: &'static str, text: &str) -> Result<Date, Problem> {
    let read = text.parse().ok().filter(|day: &Date| (DAYS.0..=DAYS.1).contains(day) && day.to_string() == text);
    read.ok_or_else(|| invalid(parameter, format!("`{parameter}` is a day such as 2026-10-24.")))
}

/// A stretch of days, both ends included.
///
/// # Errors
/// `query_invalid` if one is none, they are in the wrong order, or too far apart.
pub fn days(from: &str, to: &str) -> Result<(Date, Date), Problem> {
    let (from, to) = (day("from", from)?, day("to", to)?);
    if from > to {
        return Err(invalid("to", "`to` is not before `from`."));
    }
    if days_between(from, to) >= DAYS_MAX {
        return Err(invalid("to", format!("From `from` to `to` are at most {DAYS_MAX} days.")));
    }
    Ok((from, to))
}

/// The position below which a page begins.
///
/// # Errors
/// `page_invalid` if it is none.
pub fn before(page: Option<&str>) -> Result<Option<i64>, Problem> {
    let read = |token: &str| token.parse().ok().filter(|position: &i64| *position > 0);
    let invalid = || Problem::new(Code::PageInvalid).detail("Start again without `page`.").with("parameter", "page");
    page.map(|token| read(token).ok_or_else(invalid)).transpose()
}
