//! PostgreSQL alone, as one of the targets.

use tokio_postgres::Client;

use super::levelup::Levelup;
use crate::bare::{self, Bare};
use crate::cluster::Scratch;
use crate::failure::Failure;
use crate::load;

/// The scripts of pgbench and the database that they write to.
pub struct BareSql {
    /// The scripts.
    pub bare: Bare,
    /// A connection to the database.
    pub client: Client,
}

/// The space of this server that shows what a creation and a completion write.
const MODEL: usize = 900_000_000;

impl BareSql {
    /// Takes the shape of the rows from what this server writes.
    pub async fn start(scratch: &Scratch, levelup: &mut Levelup) -> Result<Self, Failure> {
        let mut devices = levelup.seat(&[MODEL]).await?;
        load::one_pair(levelup.server.address, &mut devices).await?;
        levelup.give_back(&[MODEL], devices)?;
        let client = scratch.client(&scratch.bare()).await?;
        Ok(Self { bare: bare::prepare(scratch, &levelup.client, &client, 1).await?, client })
    }
}
