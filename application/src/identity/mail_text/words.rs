//! Moments, places and devices, in words.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Matter;
use crate::identity::secret::Secret;

/// Characters of a word that came from outside; the rest is cut off.
const SAID_CHARS_MAX: usize = 100;

/// `On 22 November 2026 at 19:17 (Europe/Zurich)`.
pub(super) fn when(matter: &Matter<'_>, at: i64) -> String {
    format!("On {}", moment(at, matter.time_zone))
}

/// `22 November 2026 at 19:17 (Europe/Zurich)`; in UTC when the zone is not known here.
pub(super) fn moment(at: i64, time_zone: &str) -> String {
    let (zone, name) = match TimeZone::get(time_zone) {
        Ok(zone) => (zone, time_zone),
        Err(_) => (TimeZone::UTC, "UTC"),
    };
    let moment = Timestamp::from_millisecond(at).unwrap_or_default().to_zoned(zone);
    format!("{} ({name})", moment.strftime("%-d %B %Y at %H:%M"))
}

/// ` from the network 203.0.113.0/24,` and a new line; only the comma when it is not known.
pub(super) fn place(matter: &Matter<'_>) -> String {
    match said(matter, "network") {
        Some(network) => format!(" from the network {network},\n"),
        None => ",\n".to_owned(),
    }
}

/// `"Ada's iPhone" (ios)`.
pub(super) fn device(matter: &Matter<'_>) -> String {
    let platform = said(matter, "platform").unwrap_or_else(|| "unknown platform".to_owned());
    match said(matter, "device_name") {
        Some(name) => format!("    \"{name}\" ({platform})"),
        None => format!("    a device without a name ({platform})"),
    }
}

/// A page of the app that reads the token. It stands behind the `#`, which browsers do not send: no log of a server or
/// proxy ever holds it.
pub(super) fn link(matter: &Matter<'_>, page: &str) -> String {
    format!("{}/#/{page}?token={}", matter.public_url, matter.code.map(Secret::reveal).unwrap_or_default())
}

/// A word that came from outside, on one line.
fn said(matter: &Matter<'_>, name: &str) -> Option<String> {
    let text = matter.about[name].as_str()?;
    let clean: String = text.chars().filter(|c| !is_breaking(*c)).take(SAID_CHARS_MAX).collect();
    Some(clean.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Control characters, line and paragraph separators, and what turns the direction of the text around.
fn is_breaking(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
