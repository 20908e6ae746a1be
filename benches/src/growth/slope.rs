//! A straight line through points, by least squares.

/// Height at 0, and how much it rises for each step of 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Line {
    /// At 0.
    pub(super) height: f64,
    /// For each 1.
    pub(super) slope: f64,
}

impl Line {
    /// The line that is nearest to the points; level, when they are fewer than two or all above each other.
    pub(super) fn through(points: &[(f64, f64)]) -> Self {
        let count = points.len() as f64;
        let mean = |of: &dyn Fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
        let (x, y) = (mean(&|point| point.0), mean(&|point| point.1));
        let spread: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
        let together: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
        let slope = if spread > 0.0 { together / spread } else { 0.0 };
        Self { height: slope.mul_add(-x, y), slope }
    }

    /// Its height at a place.
    pub(super) fn at(self, place: f64) -> f64 {
        self.slope.mul_add(place, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::Line;

    #[test]
    fn points_on_a_line_give_that_line() {
        let line = Line::through(&[(1.0, 5.0), (2.0, 7.0), (4.0, 11.0)]);
        assert!((line.slope - 2.0).abs() < 1e-9 && (line.at(0.0) - 3.0).abs() < 1e-9, "{line:?}");
    }

    #[test]
    fn noise_of_both_signs_does_not_tilt_it() {
        let line = Line::through(&[(0.0, 1.0), (1.0, -1.0), (2.0, -1.0), (3.0, 1.0)]);
        assert!(line.slope.abs() < 1e-9, "{line:?}");
    }

    #[test]
    fn one_point_is_level() {
        assert_eq!(Line::through(&[(3.0, 4.0)]), Line { height: 4.0, slope: 0.0 });
    }
}
