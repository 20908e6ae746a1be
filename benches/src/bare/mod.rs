//! Bare SQL of the same shape, by pgbench: the price that PostgreSQL itself asks for the rows of a command when nobody
//! decides, checks, merges, hashes, authenticates or tells anyone.
//!
//! One data-modifying statement for each command, prepared, one commit each, as many clients, each on a space of its
//! own. What it writes was taken from what the server wrote for the same command in the same run: the same tables,
//! columns, numbers of rows and sizes. Payloads are bound as parameters, as a program would, so PostgreSQL reads them as
//! often as it reads the server's.

pub mod pgbench;
mod script;
mod shape;

use std::path::PathBuf;

use tokio_postgres::Client;

use crate::cluster::Scratch;
use crate::failure::Failure;
use shape::Shape;

/// Commands in one run of the script: a creation and a completion.
pub const COMMANDS: i64 = 2;
/// Events that they make.
pub const EVENTS: i64 = 3;

/// What pgbench needs.
#[derive(Debug)]
pub struct Bare {
    script: PathBuf,
}

/// Takes the shape of the last completed task from the server's database and makes the script and `clients` spaces.
pub async fn prepare(scratch: &Scratch, served: &Client, bare: &Client, clients: usize) -> Result<Bare, Failure> {
    let shape = Shape::of_last_completed_task(served).await?;
    shape.store(bare).await?;
    let clients = i32::try_from(clients).map_err(Failure::during("counting clients"))?;
    bare.execute(include_str!("sql/spaces.sql"), &[&clients]).await?;
    let file = scratch.dir().join("commands.pgbench");
    std::fs::write(&file, script::text(&shape)).map_err(Failure::during("writing the script of pgbench"))?;
    Ok(Bare { script: file })
}
