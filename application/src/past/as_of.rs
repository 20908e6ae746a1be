//! A moment in the past as a reader names it: a position, or an instant.

use domain::id::SpaceId;
use domain::limits::INSTANT_MS_MAX;
use jiff::Timestamp;

use super::Past;
use crate::fault::Fault;

/// The smallest number that is an instant in ms (in the year 1973); a smaller one is a position.
const INSTANT_MS_FIRST: i64 = 100_000_000_000;

/// A moment in the past as a reader names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// After this many events.
    Position(i64),
    /// At this instant, Unix ms.
    Instant(i64),
}

/// What a moment in the past turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// After the event at this position (0: before the first), which was recorded at this time (Unix ms).
    At {
        /// The last position.
        position: i64,
        /// When it was recorded.
        recorded_at: i64,
    },
    /// It has not come yet; the log ends at this position.
    Ahead {
        /// The last position of the log.
        head: i64,
    },
}

impl AsOf {
    /// Reads a number (of ms where it is large enough) or an RFC 3339 instant.
    pub fn read(text: &str) -> Option<Self> {
        if let Ok(number) = text.parse::<i64>() {
            return match number {
                ..0 => None,
                INSTANT_MS_FIRST.. => (number <= INSTANT_MS_MAX).then_some(Self::Instant(number)),
                position => Some(Self::Position(position)),
            };
        }
        // In a query string a plus sign that was not escaped arrives as a space.
        let instant = text.parse::<Timestamp>().or_else(|_| text.replace(' ', "+").parse()).ok()?;
        Some(Self::Instant(instant.as_millisecond()))
    }

    /// The position that it names, at the time `now` (Unix ms).
    ///
    /// # Errors
    /// The log could not be read.
    pub async fn find<P: Past>(self, past: &P, space: SpaceId, now: i64) -> Result<Then, Fault> {
        let head = past.head(space).await?;
        let position = match self {
            Self::Position(position) if position > head.position => return Ok(Then::Ahead { head: head.position }),
            Self::Instant(instant) if instant > now => return Ok(Then::Ahead { head: head.position }),
            Self::Position(position) => position,
            Self::Instant(instant) => last_at(past, space, instant, head.position).await?,
        };
        let mark = if position == 0 { None } else { past.mark(space, position).await? };
        Ok(Then::At { position, recorded_at: mark.map_or(0, |mark| mark.recorded_at) })
    }
}

/// The last position that was recorded at this instant or before it: recorded times never go back within a space.
async fn last_at<P: Past>(past: &P, space: SpaceId, instant: i64, head: i64) -> Result<i64, Fault> {
    let (mut known, mut beyond) = (0, head + 1);
    while known + 1 < beyond {
        let middle = known + (beyond - known) / 2;
        match past.mark(space, middle).await? {
            Some(mark) if mark.recorded_at <= instant => known = middle,
            _ => beyond = middle,
        }
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_number_is_a_position_and_a_large_one_an_instant() {
        assert_eq!(AsOf::read("0"), Some(AsOf::Position(0)));
        assert_eq!(AsOf::read("42"), Some(AsOf::Position(42)));
        assert_eq!(AsOf::read("1792886400000"), Some(AsOf::Instant(1_792_886_400_000)));
    }

    #[test]
    fn an_instant_may_be_written_out_with_its_offset() {
        let noon = Some(AsOf::Instant(1_792_843_200_000));
        for text in ["2026-10-24T12:00:00Z", "2026-10-24T14:00:00+02:00", "2026-10-24T14:00:00 02:00"] {
            assert_eq!(AsOf::read(text), noon, "{text}");
        }
    }

    #[test]
    fn what_is_neither_is_refused() {
        for text in ["", "-1", "yesterday", "2026-10-24", "1.5", "99999999999999999999", "999999999999999999"] {
            assert_eq!(AsOf::read(text), None, "{text}");
        }
    }
}
