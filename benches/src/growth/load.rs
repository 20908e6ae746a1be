//! A whole database of any size: lives of many people, decided by the real write path, copied into the tables. Spaces grow side by
//! side, as they do in service, so that indexes fill up as they would there.

use std::sync::Arc;
use std::time::Instant;

use application::submit::{Actor, Batch, BatchOutcome, Submission, submit};
use domain::id::{AccountId, DeviceId, SpaceId};
use domain::transaction::{Receipt, Sent, Verdict, founding, read};
use futures_util::future::try_join_all;
use infrastructure::clock::{now_ms, uuid_v7};
use serde_json::Value;
use tokio_postgres::Config;

use super::draft::Drafts;
use super::life::Life;
use super::rows::Rows;
use crate::cluster::Scratch;
use crate::failure::Failure;

/// Settings of PostgreSQL while it is filled: what a crash would cost is made again.
pub(super) const SETTINGS: [(&str, &str); 3] =
    [("fsync", "off"), ("full_page_writes", "off"), ("synchronous_commit", "off")];
/// Spaces that one worker makes side by side.
const SIDE_BY_SIDE: usize = 128;
/// Transactions that somebody sends at once.
const TRANSACTIONS: usize = 4;
/// Rows are copied when there is so much of them.
const FLUSH_BYTES: usize = 24 << 20;
/// Somebody writes so often, unless that would take longer than the longest life.
const BETWEEN_MS: i64 = 2 * 60 * 60 * 1_000;
const LIFE_MS_MAX: i64 = 2 * 365 * 24 * 60 * 60 * 1_000;
const HOUR_MS: i64 = 60 * 60 * 1_000;
/// Far from each other among the ranks, so that large and small spaces are made side by side.
const STRIDE: usize = 7_919;

/// What was made.
#[derive(Debug)]
pub(super) struct Loaded {
    /// Events.
    pub(super) events: i64,
    /// Accounts, the one of rank `k` with the address of [`email`].
    pub(super) accounts: usize,
    /// How long it took.
    pub(super) took_s: f64,
    /// Some of the spaces, from the largest to the smallest.
    pub(super) some: Vec<SpaceId>,
}

/// Where an account of this rank gets mail.
pub(super) fn email(rank: usize) -> String {
    format!("grown-{rank}@example.test")
}

/// One life on its way.
struct Making {
    rank: usize,
    space: SpaceId,
    device: DeviceId,
    target: i64,
    at: i64,
    between_ms: i64,
    life: Life,
}

/// Fills the database with spaces of these sizes; all accounts have the password of which `hash` is one.
pub(super) async fn fill(scratch: &Scratch, sizes: &[usize], hash: &str, workers: usize) -> Result<Loaded, Failure> {
    let config = scratch.served();
    let began = Instant::now();
    let order: Vec<usize> = strided(sizes.len());
    let parts = (0..workers).map(|worker| {
        let ranks = order.iter().copied().skip(worker).step_by(workers).map(|rank| (rank, sizes[rank])).collect();
        let (config, hash) = (config.clone(), hash.to_owned());
        async move { tokio::spawn(work(config, ranks, hash)).await.map_err(Failure::during("making a log"))? }
    });
    let done = try_join_all(parts).await?;
    let mut spaces: Vec<(usize, SpaceId)> = done.iter().flat_map(|(_, spaces)| spaces.iter().copied()).collect();
    spaces.sort_unstable_by_key(|(rank, _)| *rank);
    let step = (spaces.len() / 8).max(1);
    Ok(Loaded {
        events: done.iter().map(|(events, _)| events).sum(),
        accounts: sizes.len(),
        took_s: began.elapsed().as_secs_f64(),
        some: spaces.into_iter().step_by(step).map(|(_, space)| space).collect(),
    })
}

fn is_committed(receipt: &Receipt) -> bool {
    matches!(receipt.verdict, Verdict::Committed { .. })
}

/// Every rank once, neighbours far apart.
fn strided(count: usize) -> Vec<usize> {
    let step = (STRIDE..).find(|step| gcd(*step, count.max(1)) == 1).unwrap_or(1);
    (0..count).map(|number| number * step % count).collect()
}

fn gcd(one: usize, other: usize) -> usize {
    if other == 0 { one } else { gcd(other, one % other) }
}

async fn work(
    config: Config,
    ranks: Vec<(usize, usize)>,
    hash: String,
) -> Result<(i64, Vec<(usize, SpaceId)>), Failure> {
    let client = infrastructure::postgres::pool::connect_alone(&config).await?;
    let epoch = client.query_one(include_str!("sql/epoch.sql"), &[]).await?.get("epoch");
    let drafts = Drafts::new(epoch, Rows::of(&client).await?);
    let (mut events, mut made, mut waiting) = (0, Vec::new(), ranks.into_iter());
    let mut making: Vec<Making> = Vec::new();
    loop {
        while making.len() < SIDE_BY_SIDE {
            let Some((rank, events)) = waiting.next() else { break };
            making.push(begin(&drafts, rank, events, &hash).await?);
        }
        if making.is_empty() {
            break;
        }
        for one in &mut making {
            one.go_on(&drafts).await?;
        }
        for one in making.extract_if(.., |one| drafts.position(one.space) >= one.target) {
            events += drafts.position(one.space);
            drafts.finish(one.space);
            made.push((one.rank, one.space));
        }
        if drafts.rows(|rows| rows.bytes()) > FLUSH_BYTES {
            drafts.rows(Rows::take).copy(&client).await?;
        }
    }
    drafts.rows(Rows::take).copy(&client).await?;
    Ok((events, made))
}

async fn begin(drafts: &Drafts, rank: usize, events: usize, hash: &str) -> Result<Making, Failure> {
    let (space, device, target) = (SpaceId(uuid_v7()), DeviceId(uuid_v7()), i64::try_from(events).unwrap_or(i64::MAX));
    // Somewhat more than one event a transaction, on average two.
    let between_ms = BETWEEN_MS.min(LIFE_MS_MAX / target.max(1));
    let at = now_ms() - HOUR_MS - target * between_ms;
    drafts.rows(|rows| rows.account(space, device, &email(rank), hash, at));
    let making = Making { rank, space, device, target, at, between_ms, life: Life::default() };
    making.send(drafts, vec![founding(space, "UTC", at)]).await?;
    Ok(making)
}

impl Making {
    async fn go_on(&mut self, drafts: &Drafts) -> Result<(), Failure> {
        let mut sent = Vec::with_capacity(TRANSACTIONS);
        for _ in 0..TRANSACTIONS {
            self.at += self.between_ms;
            sent.push(self.read(self.at)?);
        }
        self.send(drafts, sent).await
    }

    fn read(&mut self, at: i64) -> Result<Sent, Failure> {
        let transaction: Value = self.life.next(at);
        read(transaction, self.space).map_err(|refused| Failure::new(format!("a generated transaction: {refused:?}")))
    }

    async fn send(&self, drafts: &Drafts, sent: Vec<Sent>) -> Result<(), Failure> {
        let actor = Actor { account: AccountId(self.space.0), device: self.device, ..Actor::default() };
        let submission = |sent| Submission { actor, sent, shift_ms: 0, deferred: Arc::default() };
        let batch = Batch { space: self.space, submissions: sent.into_iter().map(submission).collect() };
        let outcomes = submit(drafts, self.at, &[batch], false).await.map_err(Failure::during("making a log"))?;
        match outcomes.first() {
            Some(BatchOutcome::Committed(committed)) if committed.receipts.iter().all(is_committed) => Ok(()),
            other => Err(Failure::new(format!("a generated transaction was not committed: {other:?}"))),
        }
    }
}
