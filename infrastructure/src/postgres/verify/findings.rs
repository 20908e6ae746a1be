//! What was found, as it is kept: of each space what the last look at it found.

use application::fault::Fault;
use application::verify::{Finding, Flaw};
use domain::id::SpaceId;
use serde_json::Value;
use tokio_postgres::{Client, GenericClient, Row};
use uuid::Uuid;

use super::super::fault::{read, write};
use crate::clock::now_ms;

/// A finding as it is kept: without anything that a person wrote.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// The space.
    pub space: SpaceId,
    /// Which of the space's.
    pub number: i64,
    /// The walk that found it.
    pub run: Uuid,
    /// Its stable code.
    pub code: String,
    /// Where it is, by name.
    pub about: Value,
    /// One sentence.
    pub sentence: String,
    /// When it was found, ms.
    pub found_at: i64,
}

/// Which findings.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Those behind this one: its space and number.
    pub after: Option<(Uuid, i64)>,
    /// Of this space.
    pub space: Option<Uuid>,
    /// With this code.
    pub code: Option<String>,
    /// So many at most.
    pub limit: i64,
}

/// Puts what was found of a space in the place of what was found before.
pub(super) async fn keep(client: &impl GenericClient, run: Uuid, space: SpaceId, flaws: &[Flaw]) -> Result<(), Fault> {
    let forget = include_str!("../sql/verify/forget_findings.sql");
    client.execute(forget, &[&space.0]).await.map_err(|error| write(&error))?;
    put(client, run, space, flaws, 1).await
}

/// Adds findings of a space, counted from `first` on.
pub(super) async fn put(
    client: &impl GenericClient,
    run: Uuid,
    space: SpaceId,
    flaws: &[Flaw],
    first: i64,
) -> Result<(), Fault> {
    if flaws.is_empty() {
        return Ok(());
    }
    let numbers: Vec<i64> = (first..).take(flaws.len()).collect();
    let codes: Vec<&str> = flaws.iter().map(Flaw::code).collect();
    let about: Vec<String> = flaws.iter().map(|flaw| flaw.about().to_string()).collect();
    let sentences: Vec<String> = flaws.iter().map(Flaw::sentence).collect();
    let sql = include_str!("../sql/verify/put_findings.sql");
    client
        .execute(sql, &[&space.0, &run, &now_ms(), &numbers, &codes, &about, &sentences])
        .await
        .map(drop)
        .map_err(|error| write(&error))
}

/// Puts the rows of spaces that are none in the place of those that were found before.
pub(super) async fn keep_orphans(client: &impl GenericClient, run: Uuid, found: &[Finding]) -> Result<(), Fault> {
    /// Behind everything else that may be known of such a space.
    const FIRST: i64 = 1_000_000;
    let forget = include_str!("../sql/verify/forget_code.sql");
    client.execute(forget, &[&"orphans"]).await.map_err(|error| write(&error))?;
    for (number, finding) in (FIRST..).zip(found) {
        put(client, run, finding.space, std::slice::from_ref(&finding.flaw), number).await?;
    }
    Ok(())
}

/// A repair has put right what it can of a space.
pub(super) async fn mended(client: &Client, space: SpaceId) -> Result<(), Fault> {
    let codes = Flaw::CODES_OF_ROWS.to_vec();
    client
        .execute(include_str!("../sql/verify/mended.sql"), &[&space.0, &codes])
        .await
        .map(drop)
        .map_err(|error| write(&error))
}

/// What is known to be wrong, in the order of spaces.
///
/// # Errors
/// The database failed.
pub async fn findings(client: &Client, wanted: &Wanted) -> Result<Vec<Kept>, Fault> {
    let (space, number) = wanted.after.unwrap_or((Uuid::nil(), 0));
    let sql = include_str!("../sql/verify/findings.sql");
    let rows = client.query(sql, &[&space, &number, &wanted.space, &wanted.code, &wanted.limit]).await;
    Ok(rows.map_err(|error| read(&error))?.iter().map(kept).collect())
}

/// How much is known to be wrong, by code.
///
/// # Errors
/// The database failed.
pub async fn counts(client: &Client) -> Result<Vec<(String, i64)>, Fault> {
    let rows = client.query(include_str!("../sql/verify/counts.sql"), &[]).await.map_err(|error| read(&error))?;
    Ok(rows.iter().map(|row| (row.get("code"), row.get("findings"))).collect())
}

fn kept(row: &Row) -> Kept {
    Kept {
        space: SpaceId(row.get("space_id")),
        number: row.get("number"),
        run: row.get("run_id"),
        code: row.get("code"),
        about: row.get("about"),
        sentence: row.get("sentence"),
        found_at: row.get("found_at"),
    }
}
