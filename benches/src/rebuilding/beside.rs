//! A rebuild of everything while people write: what it does to them, and that nothing of theirs is lost.

use std::path::Path;
use std::time::{Duration, Instant};

use api::client::http::Server as Remote;
use infrastructure::postgres::pool;
use infrastructure::postgres::rebuild::{Scope, State, rebuild};
use tokio_util::sync::CancellationToken;

use super::OTHER_CONNECTIONS;
use crate::account;
use crate::cluster::Scratch;
use crate::failure::Failure;
use crate::load::{self, Stop};
use crate::server::{Server, UNLIMITED};
use crate::statistics::Series;
use crate::steady::{Device, write};
use crate::stored::stored;

/// The part of the most that a server can do at which people write.
const PART_OF_MOST: f64 = 0.3;
/// While the rebuild runs they write for so long, again and again.
const STRETCH: Duration = Duration::from_secs(2);

/// How much is done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    /// Devices that write.
    pub(super) devices: usize,
    /// How long the most is sought, and how long people write quietly.
    pub(super) length: Duration,
    /// Spaces that are rebuilt side by side.
    pub(super) workers: u16,
}

/// What was found.
#[derive(Debug)]
pub(super) struct Beside {
    /// The most, commands a second.
    pub(super) most_per_s: f64,
    /// Milliseconds from due to answered, without a rebuild.
    pub(super) quiet: Series,
    /// The same while everything is rebuilt.
    pub(super) under: Series,
    /// Seconds that the rebuild took.
    pub(super) took_s: f64,
    /// Events that it folded.
    pub(super) events: i64,
}

/// Seeks the most, writes quietly, then writes while everything is rebuilt; looks at the end whether every row is what the
/// log says and every acknowledged command is there.
pub(super) async fn measure(program: &Path, scratch: &Scratch, sizes: Sizes) -> Result<Beside, Failure> {
    let server = Server::start(program, scratch, &UNLIMITED).await?;
    let mut accounts = account::register(&Remote::at(&server.url())?, "beside", sizes.devices).await?;
    load::write(server.address, &mut accounts, sizes.length, &Stop::default()).await?;
    let most = load::write(server.address, &mut accounts, sizes.length, &Stop::default()).await?;
    let most_per_s = most.commands_per_s();
    let mut devices = Vec::new();
    for account in accounts {
        devices.push(Device { token: account.session.access_token().await?, script: account.script });
    }
    let due_per_s = (most_per_s * PART_OF_MOST).max(1.0);
    write(server.address, &mut devices, due_per_s, STRETCH).await?;
    let client = scratch.client(&scratch.served()).await?;
    let before = stored(&client).await?;
    let quiet = write(server.address, &mut devices, due_per_s, sizes.length).await?;
    let pool = pool::connect(scratch.served(), usize::from(sizes.workers) + OTHER_CONNECTIONS)?;
    let (scope, over, stop) =
        (Scope { workers: sizes.workers, ..Scope::default() }, Stop::default(), CancellationToken::new());
    let rebuilding = async {
        let began = Instant::now();
        let ended = rebuild(&pool, &scope, &stop, &mut |_| {}).await;
        over.stop();
        (ended, began.elapsed())
    };
    let writing = async {
        let mut all = Vec::new();
        while !over.stopped() {
            all.extend_from_slice(write(server.address, &mut devices, due_per_s, STRETCH).await?.values());
        }
        Ok::<_, Failure>(Series::new(all))
    };
    let ((ended, took), under) = tokio::join!(rebuilding, writing);
    let (ended, under) = (ended.map_err(Failure::during("rebuilding"))?, under?);
    if (ended.state, ended.differences) != (State::Finished, 0) {
        return Err(Failure::new(format!("rows were not what the log says: {ended:?}")));
    }
    let receipts = (stored(&client).await? - before).receipts;
    let acknowledged = quiet.count() + under.count();
    if usize::try_from(receipts) != Ok(acknowledged) {
        return Err(Failure::new(format!("{acknowledged} commands were acknowledged, {receipts} are there")));
    }
    let check = Scope { check: true, ..scope };
    let checked = rebuild(&pool, &check, &stop, &mut |_| {}).await.map_err(Failure::during("checking"))?;
    if (checked.state, checked.differences) != (State::Finished, 0) {
        return Err(Failure::new(format!("rows are not what the log says after the rebuild: {checked:?}")));
    }
    server.stop().await?;
    Ok(Beside { most_per_s, quiet, under, took_s: took.as_secs_f64(), events: ended.events })
}
