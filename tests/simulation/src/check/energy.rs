//! Energy, counted anew: balls of a day that never goes back.

use jiff::civil::Date;

/// Balls, as the events say.
#[derive(Debug, Default)]
pub(super) struct Energy {
    pub(super) max: i64,
    pub(super) day: Option<Date>,
    pub(super) spent: i64,
}

impl Energy {
    /// Something took balls of a day; there must have been as many.
    pub(super) fn take(&mut self, day: Date, balls: i64) -> Result<(), String> {
        if self.day.is_none_or(|current| day > current) {
            self.day = Some(day);
            self.spent = 0;
        }
        let left = if self.day == Some(day) { (self.max - self.spent).max(0) } else { 0 };
        if balls < 0 || balls > left {
            return Err(format!("{balls} balls of {day} were taken where {left} were left"));
        }
        self.spent += balls;
        Ok(())
    }

    /// Balls come back while it is still that day.
    pub(super) fn give_back(&mut self, day: Date, balls: i64) {
        if self.day == Some(day) {
            self.spent = (self.spent - balls).max(0);
        }
    }

    /// All of a day come back.
    pub(super) fn restore(&mut self, day: Date) {
        self.day = self.day.max(Some(day));
        self.spent = 0;
    }
}
