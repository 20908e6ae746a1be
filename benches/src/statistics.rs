//! Middle, spread and percentiles of a series.

/// A series, sorted.
#[derive(Clone, Debug, Default)]
pub struct Series(Vec<f64>);

impl Series {
    /// Sorts the values.
    #[must_use]
    pub fn new(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        Self(values)
    }

    /// How many values there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The values, from the least to the greatest.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.0
    }

    /// The least.
    #[must_use]
    pub fn min(&self) -> f64 {
        self.0.first().copied().unwrap_or(f64::NAN)
    }

    /// The greatest.
    #[must_use]
    pub fn max(&self) -> f64 {
        self.0.last().copied().unwrap_or(f64::NAN)
    }

    /// The middle; of an even number of values the mean of the two in the middle.
    #[must_use]
    pub fn median(&self) -> f64 {
        let half = self.0.len() / 2;
        match (self.0.len() % 2, self.0.get(half.wrapping_sub(1)), self.0.get(half)) {
            (1, _, Some(middle)) => *middle,
            (0, Some(below), Some(above)) => f64::midpoint(*below, *above),
            _ => f64::NAN,
        }
    }

    /// The value that `percent` of 100 values do not exceed (nearest rank).
    #[must_use]
    pub fn percentile(&self, percent: usize) -> f64 {
        let rank = (self.0.len() * percent).div_ceil(100).max(1);
        self.0.get(rank - 1).copied().unwrap_or(f64::NAN)
    }
}

#[cfg(test)]
mod tests {
    use super::Series;

    #[test]
    fn the_middle_and_the_percentiles_are_of_the_sorted_series() {
        let series = Series::new(vec![4.0, 1.0, 3.0, 2.0]);
        assert_eq!((series.min(), series.median(), series.max()), (1.0, 2.5, 4.0));
        let hundred = Series::new((1..=100).rev().map(f64::from).collect());
        assert_eq!((hundred.percentile(50), hundred.percentile(99), hundred.percentile(100)), (50.0, 99.0, 100.0));
        assert_eq!(Series::new(vec![7.0]).percentile(99), 7.0);
        assert!(Series::default().median().is_nan());
    }
}
