//! How often something may be asked for.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::time::Duration;

/// The largest count and the largest burst.
const COUNT_MAX: u32 = 1_000_000;

/// How often something may be asked for: `<count>/<s|min|h>`, with `:<burst>` for how many may come at once (the count
/// itself when absent), or `off`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rate {
    /// As often as anybody likes.
    Off,
    /// So often.
    At {
        /// How many in one period.
        count: NonZeroU32,
        /// The period.
        per: Per,
        /// How many at once, by whom has asked for nothing for a while.
        burst: NonZeroU32,
    },
}

/// The period of a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// One second.
    Second,
    /// One minute.
    Minute,
    /// One hour.
    Hour,
}

impl Per {
    const ALL: [Self; 3] = [Self::Second, Self::Minute, Self::Hour];

    const fn name(self) -> &'static str {
        match self {
            Self::Second => "s",
            Self::Minute => "min",
            Self::Hour => "h",
        }
    }

    /// How long it is.
    pub const fn duration(self) -> Duration {
        match self {
            Self::Second => Duration::from_secs(1),
            Self::Minute => Duration::from_secs(60),
            Self::Hour => Duration::from_secs(3_600),
        }
    }
}

impl Rate {
    /// A rate that the program itself names.
    pub(super) const fn of(count: u32, per: Per, burst: u32) -> Self {
        match (NonZeroU32::new(count), NonZeroU32::new(burst)) {
            (Some(count), Some(burst)) => Self::At { count, per, burst },
            _ => Self::Off,
        }
    }
}

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text == "off" {
            return Ok(Self::Off);
        }
        let refused = || format!("give a rate such as 10/s, 30/min:60 or 100/h, up to {COUNT_MAX}, or off");
        let (rate, burst) = text.split_once(':').map_or((text, None), |(rate, burst)| (rate, Some(burst)));
        let (count, per) = rate.split_once('/').ok_or_else(refused)?;
        let number = |text: &str| text.parse().ok().filter(|number: &NonZeroU32| number.get() <= COUNT_MAX);
        let count = number(count).ok_or_else(refused)?;
        let per = Per::ALL.into_iter().find(|known| known.name() == per).ok_or_else(refused)?;
        let burst = burst.map_or(Some(count), number).ok_or_else(refused)?;
        Ok(Self::At { count, per, burst })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("off"),
            Self::At { count, per, burst } if burst == count => write!(f, "{count}/{}", per.name()),
            Self::At { count, per, burst } => write!(f, "{count}/{}:{burst}", per.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_shown_as_it_is_written() {
        for text in ["off", "10/s", "30/min:60", "1/h", "1000000/s:1"] {
            assert_eq!(text.parse::<Rate>().map(|rate| rate.to_string()).as_deref(), Ok(text));
        }
        assert_eq!("7/min".parse(), Ok(Rate::of(7, Per::Minute, 7)));
    }

    #[test]
    fn what_is_no_rate_is_refused() {
        for text in ["", "10", "10/d", "0/s", "-1/s", "10/s:0", "10/s:", "/s", "1000001/s", "1.5/s", "on"] {
            assert!(text.parse::<Rate>().is_err(), "{text}");
        }
    }
}
