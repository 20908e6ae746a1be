//! The report: a stretch of time, step by step and as a whole.

use super::{Measured, Population, Range, Tally};
use crate::fault::Fault;

/// What is known of a step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// Where it begins, Unix ms.
    pub at: i64,
    /// What was counted in it.
    pub tally: Tally,
    /// Who was there at its end, if anybody counted.
    pub population: Option<Population>,
}

/// What is known of a stretch.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The stretch.
    pub range: Range,
    /// Its steps, in order; those of which nothing is known, too.
    pub steps: Vec<Figures>,
    /// All of it: sums, and the last population.
    pub whole: Figures,
}

/// Puts together what was measured. Reads one step at a time.
///
/// # Errors
/// It could not be read.
pub async fn report<M: Measured>(measured: &M, range: Range) -> Result<Report, Fault> {
    let mut steps = Vec::new();
    let mut whole = Figures { at: range.from(), ..Figures::default() };
    for (from, until) in range.steps() {
        let tally = measured.tally(from, until).await?;
        let population = measured.population(from, until).await?;
        whole.tally.merge(&tally);
        whole.population = population.or(whole.population);
        steps.push(Figures { at: from, tally, population });
    }
    Ok(Report { range, steps, whole })
}
