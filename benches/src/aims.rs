//! What this server aims at beside its peers. Printed with what was found, never asserted: machines differ.

use crate::shapes::Shape;
use crate::targets::Target;

/// An aim.
#[derive(Clone, Copy, Debug)]
pub struct Aim {
    /// In words.
    pub what: &'static str,
    /// Where the figure is.
    pub cell: Cell,
    /// The figure's name.
    pub figure: &'static str,
    /// Whose figure this server's is divided by; its own figure where there is nobody.
    pub beside: Option<Target>,
    /// What is wanted of it.
    pub wanted: Wanted,
}

/// A place in the results.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    /// The shape.
    pub shape: Shape,
    /// How many connections; any where it is not said.
    pub connections: Option<usize>,
    /// Which variant; any where it is not said.
    pub variant: Option<&'static str>,
}

/// What is wanted of a figure.
#[derive(Clone, Copy, Debug)]
pub enum Wanted {
    /// So much or more.
    AtLeast(f64),
    /// So much or less.
    AtMost(f64),
}

impl Wanted {
    /// Whether the figure is as wanted.
    #[must_use]
    pub fn met(self, figure: f64) -> bool {
        match self {
            Self::AtLeast(bound) => figure >= bound,
            Self::AtMost(bound) => figure <= bound,
        }
    }
}

const fn at(shape: Shape, connections: usize) -> Cell {
    Cell { shape, connections: Some(connections), variant: None }
}

const fn in_variant(shape: Shape, connections: usize, variant: &'static str) -> Cell {
    Cell { shape, connections: Some(connections), variant: Some(variant) }
}

const fn ratio(what: &'static str, cell: Cell, figure: &'static str, beside: Target, wanted: Wanted) -> Aim {
    Aim { what, cell, figure, beside: Some(beside), wanted }
}

const fn own(what: &'static str, cell: Cell, figure: &'static str, wanted: Wanted) -> Aim {
    Aim { what, cell, figure, beside: None, wanted }
}

use Target::{BareSql, PostgresEs, ReadCheckWrite, SingleStatement, Zero};
use Wanted::{AtLeast, AtMost};

const DEVICE: Cell = in_variant(Shape::Device, 2, "HTTP");
const BUSY: Cell = in_variant(Shape::DeviceLoad, 64, "HTTP");
const SNAPSHOT: Cell = in_variant(Shape::Snapshot, 1, "100000 entities");

/// Every aim, in the order of the report.
pub const AIMS: [Aim; 14] = [
    ratio("single commands, 64 connections, by bare SQL", at(Shape::Single, 64), "per_s", BareSql, AtLeast(1.0)),
    ratio("single commands, 64 connections, by postgres-es", at(Shape::Single, 64), "per_s", PostgresEs, AtLeast(4.0)),
    ratio("ten commands a transaction, 64, by bare SQL", at(Shape::Ten, 64), "per_s", BareSql, AtLeast(0.5)),
    ratio("one hot space, 16 writers, by bare SQL", at(Shape::Hot, 16), "per_s", BareSql, AtLeast(5.0)),
    ratio("one hot space, 64 writers, by bare SQL", at(Shape::Hot, 64), "per_s", BareSql, AtLeast(10.0)),
    ratio("device to device, p50, by single statement", DEVICE, "p50_ms", SingleStatement, AtMost(1.0)),
    ratio("device to device, p99, by single statement", DEVICE, "p99_ms", SingleStatement, AtMost(1.0)),
    ratio("device to device, p50, by read-check-write", DEVICE, "p50_ms", ReadCheckWrite, AtMost(0.5)),
    ratio("device to device, p99, by read-check-write", DEVICE, "p99_ms", ReadCheckWrite, AtMost(0.5)),
    ratio("device to device, p50, by Zero", DEVICE, "p50_ms", Zero, AtMost(0.1)),
    ratio("device to device, p99, by Zero", DEVICE, "p99_ms", Zero, AtMost(0.1)),
    own("device to device at 2 000 commands/s, ms p99", BUSY, "p99_ms", AtMost(25.0)),
    ratio("a space of 100 000 entities, rows/s, by COPY", SNAPSHOT, "per_s", BareSql, AtLeast(0.25)),
    own("an idle live connection, KiB", at(Shape::Idle, 10_000), "kib_each", AtMost(24.0)),
];

#[cfg(test)]
mod tests {
    use super::{AIMS, Wanted};

    #[test]
    fn every_aim_is_of_a_figure_that_its_shape_finds_and_of_one_that_takes_it() {
        for aim in AIMS {
            let shape = aim.cell.shape;
            assert!(shape.columns().iter().any(|(name, _)| *name == aim.figure), "{}", aim.what);
            assert!(aim.beside.is_none_or(|target| shape.refuses(target).is_none()), "{}", aim.what);
        }
    }

    #[test]
    fn a_bound_is_met_on_it() {
        assert!(Wanted::AtLeast(1.0).met(1.0) && Wanted::AtMost(1.0).met(1.0));
        assert!(!Wanted::AtLeast(1.0).met(0.99) && !Wanted::AtMost(1.0).met(1.01));
    }
}
