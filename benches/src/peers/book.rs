//! What the lines of all runs say of a place in the report: of each target the newest run that measured it there, and of two
//! that are compared the newest run that measured both, because only what took turns may be compared.

use super::lines::{Line, Round};
use crate::aims::{Aim, Cell};
use crate::shapes::Shape;
use crate::statistics::Series;
use crate::targets::Target;

/// A place: connections and variant.
pub(super) type Place = (usize, String);

/// Lines, read.
pub(super) struct Book<'a> {
    pub(super) lines: &'a [Line],
}

/// The rounds of a target at a place in one run.
pub(super) struct Found<'a> {
    pub(super) run: &'a str,
    rounds: Vec<&'a Round>,
}

impl Found<'_> {
    /// A figure, of all rounds.
    pub(super) fn series(&self, figure: &str) -> Series {
        Series::new(self.rounds.iter().filter_map(|round| round.figures.get(figure).copied()).collect())
    }

    pub(super) fn rounds(&self) -> usize {
        self.rounds.len()
    }
}

impl<'a> Book<'a> {
    fn rounds(&self) -> impl Iterator<Item = &'a Round> + use<'a> {
        self.lines.iter().filter_map(|line| match line {
            Line::Round(round) => Some(round),
            _ => None,
        })
    }

    /// Where a shape was measured.
    pub(super) fn places(&self, shape: Shape) -> Vec<Place> {
        let of_shape = self.rounds().filter(|round| round.shape == shape);
        let mut places: Vec<Place> = of_shape.map(|round| (round.connections, round.variant.clone())).collect();
        places.sort();
        places.dedup();
        places
    }

    /// The newest run that measured all of `targets` there; what it found of the first.
    pub(super) fn newest(&self, shape: Shape, place: &Place, targets: &[Target]) -> Option<Found<'a>> {
        let first = *targets.first()?;
        let runs: Vec<&str> = self.rounds().map(|round| round.run.as_str()).collect();
        let run = runs
            .into_iter()
            .rev()
            .find(|run| targets.iter().all(|target| self.in_run(run, shape, place, *target).is_some()))?;
        self.in_run(run, shape, place, first)
    }

    /// What one run found.
    pub(super) fn in_run(&self, run: &str, shape: Shape, place: &Place, target: Target) -> Option<Found<'a>> {
        let here = |round: &&Round| {
            (round.run.as_str(), round.shape, round.target) == (run, shape, target)
                && (round.connections, &round.variant) == (place.0, &place.1)
        };
        let rounds: Vec<&Round> = self.rounds().filter(here).collect();
        Some(Found { run: &rounds.first()?.run, rounds })
    }

    /// The figure of an aim, from the newest run that has it.
    pub(super) fn figure(&self, aim: &Aim) -> Option<f64> {
        let Cell { shape, connections, variant } = aim.cell;
        let fits = |place: &Place| {
            connections.is_none_or(|count| count == place.0) && variant.is_none_or(|variant| variant == place.1)
        };
        let place = self.places(shape).into_iter().rfind(fits)?;
        let targets: Vec<Target> = [Target::Levelup].into_iter().chain(aim.beside).collect();
        let ours = self.newest(shape, &place, &targets)?;
        let own = ours.series(aim.figure).median();
        let by = match aim.beside {
            Some(target) => self.in_run(ours.run, shape, &place, target)?.series(aim.figure).median(),
            None => 1.0,
        };
        Some(own / by).filter(|figure| figure.is_finite())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aims::AIMS;

    fn line(run: &str, target: Target, round: usize, per_s: f64) -> Line {
        let figures = [("per_s".to_owned(), per_s)].into();
        let (run, shape, variant) = (run.to_owned(), Shape::Single, String::new());
        Line::Round(Round { run, shape, target, variant, connections: 64, round, figures })
    }

    #[test]
    fn a_ratio_is_of_medians_of_the_newest_run_that_has_both() {
        let mut lines = vec![line("old", Target::Levelup, 1, 100.0), line("old", Target::BareSql, 1, 100.0)];
        for (round, (ours, theirs)) in [(300.0, 100.0), (100.0, 50.0), (200.0, 80.0)].into_iter().enumerate() {
            lines.push(line("new", Target::Levelup, round + 1, ours));
            lines.push(line("new", Target::BareSql, round + 1, theirs));
        }
        lines.push(line("alone", Target::Levelup, 1, 9_000.0));
        let book = Book { lines: &lines };
        assert_eq!(book.figure(&AIMS[0]), Some(200.0 / 80.0));
        assert_eq!(book.figure(&AIMS[1]), None, "nobody measured postgres-es");
        let place = (64, String::new());
        let newest = book.newest(Shape::Single, &place, &[Target::Levelup]).unwrap();
        assert_eq!((newest.run, newest.rounds()), ("alone", 1));
    }
}
