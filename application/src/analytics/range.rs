//! Which stretch of time is asked about, and in which steps.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use thiserror::Error;

/// Steps of one report at most.
pub const STEPS_MAX: i64 = 400;
/// What is measured is kept minute by minute.
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// How long a step is. Steps begin at round times of UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Step {
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// A day.
    #[default]
    Day,
}

/// A stretch of time in whole steps, Unix ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    from: i64,
    until: i64,
    step: Step,
}

/// Why a stretch cannot be reported on.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum RangeError {
    /// One end cannot be read.
    #[error("{name} is a day such as 2026-10-24, an instant such as 2026-10-24T12:00:00Z, or Unix milliseconds")]
    Unreadable {
        /// `from` or `to`.
        name: &'static str,
    },
    /// It ends before it begins.
    #[error("`to` lies after `from`")]
    Backwards,
    /// It has too many steps.
    #[error("a report has at most {STEPS_MAX} steps; take longer ones, or a shorter time")]
    TooLong,
}

impl Step {
    /// The step of this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Minute, Self::Hour, Self::Day].into_iter().find(|step| step.name() == name)
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    /// Its length.
    pub const fn ms(self) -> i64 {
        match self {
            Self::Minute => MINUTE_MS,
            Self::Hour => HOUR_MS,
            Self::Day => DAY_MS,
        }
    }
}

impl Range {
    /// From the step with `from` to that with the last moment before `to`. Absent: thirty steps that end now.
    ///
    /// # Errors
    /// See [`RangeError`].
    pub fn read(from: Option<&str>, to: Option<&str>, step: Step, now: i64) -> Result<Self, RangeError> {
        let read = |name, text: Option<&str>| text.map(|text| moment(text).ok_or(RangeError::Unreadable { name }));
        let to = read("to", to).transpose()?.unwrap_or(now.saturating_add(1));
        let from = read("from", from).transpose()?.unwrap_or(to.saturating_sub(30 * step.ms()));
        if to <= from {
            return Err(RangeError::Backwards);
        }
        let from = from - from.rem_euclid(step.ms());
        let steps = (to - from).div_euclid(step.ms()) + i64::from((to - from).rem_euclid(step.ms()) > 0);
        if steps > STEPS_MAX {
            return Err(RangeError::TooLong);
        }
        Ok(Self { from, until: from + steps * step.ms(), step })
    }

    /// Where it begins.
    pub fn from(&self) -> i64 {
        self.from
    }

    /// Where it ends.
    pub fn until(&self) -> i64 {
        self.until
    }

    /// The length of its steps.
    pub fn step(&self) -> Step {
        self.step
    }

    /// Its steps, each from where to where.
    pub fn steps(&self) -> impl Iterator<Item = (i64, i64)> + use<> {
        let Self { from, until, step } = *self;
        let begins = std::iter::successors(Some(from), move |at| Some(at + step.ms()));
        begins.take_while(move |at| *at < until).map(move |at| (at, at + step.ms()))
    }
}

/// What a person may write. Within some thousand years of now, so that nothing overflows.
fn moment(text: &str) -> Option<i64> {
    let day = |text: &str| text.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok();
    let ms = text.parse().ok();
    let ms = ms.or_else(|| text.parse::<Timestamp>().ok().map(Timestamp::as_millisecond));
    ms.or_else(|| day(text).map(|day| day.timestamp().as_millisecond())).filter(|ms| (0..1 << 53).contains(ms))
}
