//! A server under a steady, mixed load for long: what it takes each minute, and where that leads.

use std::path::Path;
use std::time::Duration;

use api::client::feed;
use tokio::time::sleep;
use tokio_postgres::Client;
use tokio_util::sync::CancellationToken;

use super::people::{self, Person};
use super::slope::Line;
use super::{Counts, measure, tables};
use crate::cluster::Scratch;
use crate::failure::Failure;
use crate::reading::memory::resident_mib;
use crate::server::{Server, UNLIMITED};
use crate::statistics::Series;
use crate::steady::{Device, write};

/// One look a minute; shorter only where the whole is shorter.
const LOOK_S: u64 = 60;
/// Readers who come back and take what they missed, one after the other, with a pause.
const BETWEEN_READS_MS: u64 = 100;
const READ_CHANGES: u32 = 200;
/// Tokens outlive the run.
const LONG_TOKENS: (&str, &str) = ("LEVELUP_ACCESS_TOKEN_S", "86400");

/// What one look found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// Minutes since the beginning.
    pub(super) minute: f64,
    /// Each figure, in the order of [`NAMES`].
    pub(super) figures: [f64; NAMES.len()],
}

/// What is looked at.
pub(super) const NAMES: [&str; 7] =
    ["RSS, MiB", "p50, ms", "p99, ms", "dead rows", "WAL, MiB", "database, MiB", "pages read"];

/// Loads for so long on a database of so many events.
pub(super) async fn soak(
    program: &Path,
    scratch: &mut Scratch,
    events: usize,
    counts: &Counts,
    length: Duration,
) -> Result<Vec<Look>, Failure> {
    let loaded = measure::grow(program, scratch, events, counts).await?;
    let settings: Vec<_> = UNLIMITED.into_iter().chain([LONG_TOKENS]).collect();
    let server = Server::start(program, scratch, &settings).await?;
    let mut people = people::sign_in(&server, loaded.accounts, counts.people * 2).await?;
    let readers = people.split_off(people.len() / 2);
    let client = scratch.client(&scratch.served()).await?;
    let stop = CancellationToken::new();
    let looking = async {
        let looks = looks(&server, &client, people, counts, length).await;
        stop.cancel();
        looks
    };
    let (looks, read) = tokio::join!(looking, read_on(readers, stop.clone()));
    read?;
    server.stop().await?;
    looks
}

async fn looks(
    server: &Server,
    client: &Client,
    people: Vec<Person>,
    counts: &Counts,
    length: Duration,
) -> Result<Vec<Look>, Failure> {
    let mut devices = Vec::with_capacity(people.len());
    for person in people {
        devices.push(Device { token: person.session.access_token().await?, script: person.script });
    }
    let step = Duration::from_secs(LOOK_S).min(length);
    let (mut looks, mut done) = (Vec::new(), Duration::ZERO);
    let mut before = wal(client).await?.0;
    while done < length {
        let took_ms = write(server.address, &mut devices, counts.per_s, step).await?;
        done += step;
        let (wal, stored) = wal(client).await?;
        let look = Look {
            minute: done.as_secs_f64() / 60.0,
            figures: figures(server, client, &took_ms, wal - before, stored).await?,
        };
        eprintln!("{}", line(&look));
        before = wal;
        looks.push(look);
    }
    Ok(looks)
}

async fn figures(
    server: &Server,
    client: &Client,
    took_ms: &Series,
    wal: f64,
    stored: f64,
) -> Result<[f64; NAMES.len()], Failure> {
    let updates = tables::updates(client).await?;
    let dead: i64 = updates.iter().map(|one| one.dead).sum();
    let read: i64 = client.query_one(include_str!("sql/pages.sql"), &[]).await?.get("read");
    let (p50, p99) = (took_ms.percentile(50), took_ms.percentile(99));
    Ok([resident_mib(server.pid), p50, p99, dead as f64, wal, stored, read as f64])
}

/// Bytes of WAL so far, and of the database, in MiB.
async fn wal(client: &Client) -> Result<(f64, f64), Failure> {
    let row = client.query_one(include_str!("sql/wal.sql"), &[]).await?;
    let mib = |name| row.get::<_, i64>(name) as f64 / f64::from(1 << 20);
    Ok((mib("bytes"), mib("stored")))
}

async fn read_on(mut readers: Vec<Person>, stop: CancellationToken) -> Result<(), Failure> {
    while !readers.is_empty() {
        for reader in &mut readers {
            let page = feed::changes(&reader.session, Some(&reader.cursor), READ_CHANGES, 0).await?;
            reader.cursor = page.cursor;
            let pause = sleep(Duration::from_millis(BETWEEN_READS_MS));
            if stop.run_until_cancelled(pause).await.is_none() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// One look, for people who wait.
pub(super) fn line(look: &Look) -> String {
    let figures = NAMES.iter().zip(look.figures).map(|(name, figure)| format!("{name} {figure:.1}"));
    format!("minute {:.1}: {}", look.minute, figures.collect::<Vec<_>>().join(", "))
}

/// How much each figure rises in an hour, by least squares.
pub(super) fn slopes(looks: &[Look]) -> [f64; NAMES.len()] {
    std::array::from_fn(|at| {
        let points: Vec<(f64, f64)> = looks.iter().map(|look| (look.minute / 60.0, look.figures[at])).collect();
        Line::through(&points).slope
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rises_by_one_a_minute_rises_by_sixty_an_hour() {
        let looks: Vec<Look> =
            (1..=5).map(f64::from).map(|minute| Look { minute, figures: [minute; NAMES.len()] }).collect();
        assert!(slopes(&looks).iter().all(|slope| (slope - 60.0).abs() < 1e-6));
    }
}
