//! Bare SQL of the same shape, by pgbench: the price that PostgreSQL itself asks for the rows of a command when nobody
//! decides, checks, merges, hashes, authenticates or tells anyone.
//!
//! One data-modifying statement for each command, prepared, one commit each or one for ten of them in one flight, as many
//! clients, each on a space of its own or on the one it is seated at. What it writes was taken from what the server wrote for
//! the same command in the same run: the same tables, columns, numbers of rows and sizes. Payloads are bound as parameters,
//! as a program would, so PostgreSQL reads them as often as it reads the server's.

pub mod pgbench;
mod script;
mod shape;

use std::path::PathBuf;

use tokio_postgres::Client;

use crate::cluster::Scratch;
use crate::failure::Failure;
use crate::stored::Stored;
use shape::Shape;

/// Pairs of a creation and a completion in one commit of the longer script.
const PAIRS: usize = 5;

/// A script of pgbench.
#[derive(Clone, Debug)]
pub struct Script {
    file: PathBuf,
    /// Commands of one run.
    pub commands: i64,
    /// What one run stores.
    pub stored: Stored,
}

/// What pgbench needs.
#[derive(Clone, Debug)]
pub struct Bare {
    /// A creation and a completion, a commit and a receipt each.
    pub one: Script,
    /// Five of both, one commit and one receipt.
    pub ten: Script,
}

/// Takes the shape of the last completed task from the server's database and makes the scripts and `clients` spaces, one
/// each.
pub async fn prepare(scratch: &Scratch, served: &Client, bare: &Client, clients: usize) -> Result<Bare, Failure> {
    let shape = Shape::of_last_completed_task(served).await?;
    shape.store(bare).await?;
    bare.batch_execute(include_str!("sql/seats_table.sql")).await?;
    seat(bare, &(0..clients).collect::<Vec<_>>()).await?;
    let pairs = i64::try_from(PAIRS).map_err(Failure::during("counting commands"))?;
    let write = |name: &str, text: String, commands, stored| {
        let file = scratch.dir().join(name);
        std::fs::write(&file, text).map_err(Failure::during("writing a script of pgbench"))?;
        Ok::<_, Failure>(Script { file, commands, stored })
    };
    Ok(Bare {
        one: write("one.pgbench", script::one(&shape), 2, Stored { events: 3, receipts: 2 })?,
        ten: write(
            "ten.pgbench",
            script::in_one_commit(&shape, PAIRS),
            2 * pairs,
            Stored { events: 3 * pairs, receipts: 1 },
        )?,
    })
}

/// Gives each client the space that it writes to, by number.
pub async fn seat(bare: &Client, spaces: &[usize]) -> Result<(), Failure> {
    let spaces: Result<Vec<i64>, _> = spaces.iter().map(|space| i64::try_from(*space)).collect();
    let spaces = spaces.map_err(Failure::during("numbering spaces"))?;
    bare.execute(include_str!("sql/spaces.sql"), &[&spaces]).await?;
    bare.execute(include_str!("sql/no_seats.sql"), &[]).await?;
    bare.execute(include_str!("sql/seats.sql"), &[&spaces]).await?;
    Ok(())
}
