//! The same commands through the server and as bare SQL, by turns, on one PostgreSQL.

use std::time::Duration;

use tokio_postgres::Client;

use crate::account::Account;
use crate::bare::{Bare, pgbench};
use crate::cluster::Scratch;
use crate::failure::Failure;
use crate::load::{self, Load, Stop};
use crate::metrics::Groups;
use crate::options::Sizes;
use crate::processor::Used;
use crate::server::Server;
use crate::statistics::Series;
use crate::stored::stored;

/// Everything that the rounds share.
pub struct Ring<'a> {
    /// The cluster.
    pub scratch: &'a Scratch,
    /// The server.
    pub server: &'a Server,
    /// Bare SQL.
    pub bare: &'a Bare,
    /// A connection to the server's database.
    pub served_client: &'a Client,
    /// A connection to that of bare SQL.
    pub bare_client: &'a Client,
    /// The round that comes next.
    pub round: usize,
}

/// The rounds of one number of connections.
#[derive(Clone, Debug)]
pub struct Throughput {
    /// Connections of each side.
    pub connections: usize,
    /// Commands a second through the server, one number a round.
    pub served: Series,
    /// Commands a second as bare SQL.
    pub bare: Series,
    /// Milliseconds from a request to its answer, of all rounds.
    pub answers_ms: Series,
    /// Milliseconds of a command of bare SQL, the average of each round.
    pub bare_command_ms: Series,
    /// Microseconds of processor time that a command took through the server.
    pub served_cost_us: Used,
    /// And as bare SQL.
    pub bare_cost_us: Used,
    /// Group appends during the server's rounds.
    pub groups: Groups,
}

impl Throughput {
    /// Server by bare SQL, medians.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        self.served.median() / self.bare.median()
    }
}

/// Lets both sides take turns: server, bare SQL, server, bare SQL …, after one round of each that does not count.
pub async fn measure(ring: &mut Ring<'_>, accounts: &mut [Account], sizes: &Sizes) -> Result<Throughput, Failure> {
    let connections = accounts.len();
    ring.serve(accounts, sizes.warm_up).await?;
    ring.pgbench(connections, sizes.warm_up).await?;
    let groups = Groups::ask(ring.server.address).await?;
    let (mut served, mut bare, mut bare_ms, mut answers_ms) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut served_cost, mut bare_cost) = (Cost::default(), Cost::default());
    for round in 1..=sizes.rounds {
        let (load, used) = ring.serve(accounts, sizes.round).await?;
        served_cost.add(used, load.acknowledged.receipts);
        let (ran, used) = ring.pgbench(connections, sizes.round).await?;
        bare_cost.add(used, ran.acknowledged.receipts);
        eprintln!(
            "{connections} connections, round {round}: server {:.0}/s, bare SQL {:.0}/s",
            load.commands_per_s(),
            ran.commands_per_s
        );
        served.push(load.commands_per_s());
        answers_ms.extend(load.answers_ms.values());
        bare.push(ran.commands_per_s);
        bare_ms.push(ran.command_ms);
    }
    Ok(Throughput {
        connections,
        served: Series::new(served),
        bare: Series::new(bare),
        answers_ms: Series::new(answers_ms),
        bare_command_ms: Series::new(bare_ms),
        served_cost_us: served_cost.per_command_us(),
        bare_cost_us: bare_cost.per_command_us(),
        groups: Groups::ask(ring.server.address).await? - groups,
    })
}

impl Ring<'_> {
    /// One round of the server, counted afterwards.
    async fn serve(&mut self, accounts: &mut [Account], round: Duration) -> Result<(Load, Used), Failure> {
        let before = stored(self.served_client).await?;
        let used = self.begin().await?;
        let load = load::write(self.server.address, accounts, round, &Stop::default()).await?;
        let used = self.used()? - used;
        (stored(self.served_client).await? - before).must_be(load.acknowledged, "the server")?;
        Ok((load, used))
    }

    /// One round of bare SQL, counted afterwards.
    async fn pgbench(&mut self, clients: usize, round: Duration) -> Result<(pgbench::Ran, Used), Failure> {
        let before = stored(self.bare_client).await?;
        let used = self.begin().await?;
        let ran = pgbench::run(self.scratch, &self.bare.one, clients, round, self.round).await?;
        let used = self.used()? - used;
        (stored(self.bare_client).await? - before).must_be(ran.acknowledged, "bare SQL")?;
        Ok((ran, used))
    }

    /// After a checkpoint a page's first change is logged whole: both sides start right after one.
    async fn begin(&mut self) -> Result<Used, Failure> {
        self.round += 1;
        self.bare_client.batch_execute("CHECKPOINT").await?;
        self.used()
    }

    fn used(&self) -> Result<Used, Failure> {
        Ok(Used::until_now(self.server.pid, self.scratch.postmaster()?))
    }
}

/// Processor time and the commands it was used for.
#[derive(Default)]
struct Cost {
    used: Used,
    commands: f64,
}

impl Cost {
    fn add(&mut self, used: Used, commands: i64) {
        self.used = self.used + used;
        self.commands += commands as f64;
    }

    fn per_command_us(&self) -> Used {
        self.used.scaled(1e6 / self.commands)
    }
}
