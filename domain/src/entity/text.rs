//! What text may be: kept as it came, neither trimmed nor normalised, or refused.

use std::collections::BTreeSet;

use validator::ValidationError;

use crate::limits::{PREREQUISITES_MAX, TAG_CHARS_MAX, TAGS_MAX};
use crate::rules::day;

/// Text that may be empty. Refuses NUL and text of white space only. An unpaired surrogate never becomes a `str`.
pub fn text(value: &str) -> Result<(), ValidationError> {
    if value.is_empty() { Ok(()) } else { words(value) }
}

/// Text that says something. Refuses NUL and text of white space only.
pub fn words(value: &str) -> Result<(), ValidationError> {
    if value.contains('\0') {
        return Err(error("text_nul", "text must not contain NUL"));
    }
    if value.chars().all(char::is_whitespace) {
        return Err(error("text_blank", "text must not be only white space"));
    }
    Ok(())
}

/// A set of at most 20 tags of 1 to 50 characters.
pub fn tags(value: &BTreeSet<String>) -> Result<(), ValidationError> {
    if value.len() > TAGS_MAX {
        return Err(limited(error("too_many", "there are too many tags"), TAGS_MAX));
    }
    value.iter().try_for_each(|tag| {
        words(tag)?;
        if tag.chars().count() > TAG_CHARS_MAX {
            return Err(limited(error("too_long", "a tag is too long"), TAG_CHARS_MAX));
        }
        Ok(())
    })
}

/// A set of at most 100 ids.
pub fn prerequisites<T>(value: &BTreeSet<T>) -> Result<(), ValidationError> {
    if value.len() > PREREQUISITES_MAX {
        return Err(limited(error("too_many", "there are too many prerequisites"), PREREQUISITES_MAX));
    }
    Ok(())
}

/// `#RRGGBB`.
pub fn color(value: &str) -> Result<(), ValidationError> {
    let digits = value.strip_prefix('#').unwrap_or_default();
    if digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Ok(());
    }
    Err(error("color_invalid", "a color is # and six hexadecimal digits"))
}

/// 1 to 64 of `[0-9A-Za-z]`.
pub fn rank(value: &str) -> Result<(), ValidationError> {
    if (1..=64).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(());
    }
    Err(error("rank_invalid", "a rank is 1 to 64 characters of 0-9, A-Z and a-z"))
}

/// An IANA time zone.
pub fn time_zone(value: &str) -> Result<(), ValidationError> {
    if day::is_time_zone(value) {
        return Ok(());
    }
    Err(error("time_zone_unknown", "there is no IANA time zone of this name"))
}

/// The rank of an entity that names none: `z` and the creation's ms in nine base-62 digits, so that no list is read.
pub fn default_rank(created_ms: i64) -> String {
    marked::<10>(b'z', created_ms)
}

/// The rank of what is numbered in its list: `a` and the number in six base-62 digits, before all default ranks.
pub fn numbered_rank(number: i64) -> String {
    marked::<7>(b'a', number.min(i32::MAX.into()))
}

/// A mark and a number in base-62 digits, `SIZE` bytes in all; below 0 is 0.
fn marked<const SIZE: usize>(mark: u8, number: i64) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut left = number.max(0).unsigned_abs();
    let mut rank = [b'0'; SIZE];
    rank[0] = mark;
    for digit in rank[1..].iter_mut().rev() {
        let place = usize::try_from(left % 62).unwrap_or_default();
        *digit = DIGITS[place];
        left /= 62;
    }
    rank.iter().copied().map(char::from).collect()
}

fn error(code: &'static str, message: &'static str) -> ValidationError {
    ValidationError::new(code).with_message(message.into())
}

fn limited(mut error: ValidationError, max: usize) -> ValidationError {
    error.add_param("max".into(), &max);
    error
}
