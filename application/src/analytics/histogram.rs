//! Durations, counted in buckets of fixed bounds: histograms of minutes and of nodes add up, which percentiles do not.

use std::time::Duration;

/// Buckets: one below each bound and one above all.
pub const BUCKETS: usize = 42;
/// Their upper bounds in µs, from a tenth of a millisecond to 105 s, each the root of two times the one before.
pub const BOUNDS_US: [u64; BUCKETS - 1] = bounds();

/// How many of each duration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Histogram([u64; BUCKETS]);

impl Default for Histogram {
    fn default() -> Self {
        Self([0; BUCKETS])
    }
}

impl Histogram {
    /// One with these counts; those that have no bucket are left out.
    pub fn of(counts: impl IntoIterator<Item = u64>) -> Self {
        let mut histogram = Self::default();
        histogram.0.iter_mut().zip(counts).for_each(|(bucket, count)| *bucket = count);
        histogram
    }

    /// The counts, bucket by bucket.
    pub fn counts(&self) -> &[u64; BUCKETS] {
        &self.0
    }

    /// Counts one.
    pub fn add(&mut self, took: Duration) {
        let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let bucket = BOUNDS_US.partition_point(|bound| *bound < us);
        if let Some(count) = self.0.get_mut(bucket) {
            *count += 1;
        }
    }

    /// Adds what another counted.
    pub fn merge(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(own, other)| *own += other);
    }

    /// How many were counted.
    pub fn count(&self) -> u64 {
        self.0.iter().sum()
    }

    /// The duration in ms that this part of them did not exceed, as if those of a bucket were spread evenly over it; of the
    /// last bucket its lower bound. None of none.
    pub fn quantile_ms(&self, part: f64) -> Option<f64> {
        let all = self.count();
        if all == 0 {
            return None;
        }
        let rank = (all as f64 * part).ceil().max(1.0);
        let mut below = 0;
        for (bucket, count) in self.0.iter().enumerate() {
            if *count > 0 && (below + count) as f64 >= rank {
                let within = (rank - below as f64) / *count as f64;
                return Some(between(bucket, within) / 1_000.0);
            }
            below += count;
        }
        None
    }
}

/// A place in a bucket, in µs.
fn between(bucket: usize, within: f64) -> f64 {
    let lower = bucket.checked_sub(1).and_then(|before| BOUNDS_US.get(before)).map_or(0.0, |bound| *bound as f64);
    BOUNDS_US.get(bucket).map_or(lower, |upper| lower + (*upper as f64 - lower) * within)
}

const fn bounds() -> [u64; BUCKETS - 1] {
    let mut bounds = [0; BUCKETS - 1];
    let mut index = 0;
    while index < bounds.len() {
        // 141.42 is the root of two, in hundredths of a millisecond.
        let base = if index % 2 == 0 { 10_000 } else { 14_142 };
        bounds[index] = (base << (index / 2)) / 100;
        index += 1;
    }
    bounds
}
