//! A whole space by snapshot beside COPY, by turns.

use super::Shape;
use crate::failure::Failure;
use crate::peers::{Round, Stage, figures};
use crate::reading::beside_copy::Space;
use crate::targets::Target;

/// One device reads, over one connection.
const CONNECTIONS: usize = 1;

/// All rounds of both.
pub(crate) async fn measure(stage: &mut Stage<'_>) -> Result<(), Failure> {
    let sql = stage.scratch.client(&stage.scratch.served()).await?;
    let entities = stage.sizes.entities;
    eprintln!("writing a space of {entities} entities");
    let space = Space::write(&stage.levelup()?.server, sql, entities).await?;
    for round in 0..=stage.sizes.rounds {
        let rates = space.round().await?;
        for (target, per_s) in [(Target::Levelup, rates.served_per_s), (Target::BareSql, rates.copied_per_s)] {
            stage.keep(Round {
                run: String::new(),
                shape: Shape::Snapshot,
                target,
                variant: format!("{entities} entities"),
                connections: CONNECTIONS,
                round,
                figures: figures([("per_s", per_s), ("rows", rates.rows as f64)]),
            })?;
        }
    }
    Ok(())
}
