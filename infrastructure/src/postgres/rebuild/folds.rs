//! With which version of its fold each projection was built: one row for all spaces, and rows of their own for spaces that are
//! ahead of the rest or behind it.

use std::collections::BTreeMap;
use std::time::Duration;

use application::fault::Fault;
use application::rebuild::{Projections, folded};
use domain::id::SpaceId;
use serde_json::{Value, json};
use tokio_postgres::GenericClient;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::super::fault::{read, write};

/// How long it takes until every node of an older program has stopped to serve and to write: one that has not seen for
/// `crate::folds` `FRESH_MS` how the database stands does neither.
pub(crate) const OTHERS_STOP_MS: u64 = 2_500;
/// Spaces that are looked at together when rows that say nothing are taken away.
const TIDY_SPACES: i64 = 1_000;

/// How a database stands beside the folds of this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Folds {
    /// Everything was built with the program's folds, but for some spaces if `exceptions` says so.
    Current {
        /// Whether some spaces were left behind.
        exceptions: bool,
    },
    /// These projections were built with older folds, or never.
    Older(Projections),
    /// A newer program has been here: it wants another fold of this projection.
    Newer(&'static str),
}

/// How the database stands.
pub(crate) async fn look(client: &impl GenericClient) -> Result<Folds, Fault> {
    let found = client.query(include_str!("../sql/folds/all.sql"), &[]).await.map_err(|error| read(&error))?;
    let found: BTreeMap<String, (i64, i64)> =
        found.iter().map(|row| (row.get("projection"), (row.get("fold_version"), row.get("wanted")))).collect();
    let of = |name: &str| found.get(name).copied().unwrap_or_default();
    if let Some(newer) = folded().find(|one| of(one.name).1 > one.fold_version) {
        return Ok(Folds::Newer(newer.name));
    }
    let older: Vec<&str> = folded().filter(|one| of(one.name).0 != one.fold_version).map(|one| one.name).collect();
    if older.is_empty() {
        let any = client.query_one(include_str!("../sql/folds/exceptions.sql"), &[]).await;
        return Ok(Folds::Current { exceptions: any.map_err(|error| read(&error))?.get("any") });
    }
    let older = Projections::named(older).map_err(|name| Fault::Refused(format!("there is no projection {name}")))?;
    Ok(Folds::Older(older))
}

/// Says that the program's folds are wanted; whoever runs an older program hears of it.
pub(crate) async fn want(client: &impl GenericClient) -> Result<(), Fault> {
    let (names, versions) = arrays(&Projections::all());
    let wanted = client.execute(include_str!("../sql/folds/want.sql"), &[&names, &versions]).await;
    wanted.map(drop).map_err(|error| write(&error))
}

/// Says so, and waits until nobody serves or writes rows of an older fold any more, or `stop`.
pub(crate) async fn stop_others(client: &impl GenericClient, stop: &CancellationToken) -> Result<(), Fault> {
    want(client).await?;
    stop.run_until_cancelled(tokio::time::sleep(Duration::from_millis(OTHERS_STOP_MS))).await;
    Ok(())
}

/// Refuses to go on where a newer program wants other folds.
pub(super) async fn must_be_newest(client: &impl GenericClient) -> Result<(), Fault> {
    match look(client).await? {
        Folds::Newer(_) => Err(Fault::Rebuilding),
        Folds::Current { .. } | Folds::Older(_) => Ok(()),
    }
}

/// Whether a space is of the program's folds as the database stands; false where a newer program has been.
pub(crate) async fn are_of(client: &impl GenericClient, space: SpaceId) -> Result<bool, Fault> {
    match look(client).await? {
        Folds::Current { exceptions: false } => Ok(true),
        Folds::Current { exceptions: true } => is_built(client, space, None).await,
        Folds::Older(older) => is_built(client, space, Some(&older)).await,
        Folds::Newer(_) => Ok(false),
    }
}

/// Whether a space was built with the program's folds, when `older` were not for all. An empty space always was.
pub(crate) async fn is_built(
    client: &impl GenericClient,
    space: SpaceId,
    older: Option<&Projections>,
) -> Result<bool, Fault> {
    let row = client.query_one(include_str!("../sql/folds/of_space.sql"), &[&space.0]).await;
    let row = row.map_err(|error| read(&error))?;
    let folds: Option<Value> = row.get("folds");
    let of = |name: &str| folds.as_ref().and_then(|folds| folds.get(name)).and_then(Value::as_i64);
    let built = |(name, version): (&'static str, i64)| match of(name) {
        Some(built) => built == version,
        None => !older.is_some_and(|older| older.has(name)),
    };
    Ok(!row.get::<_, bool>("filled") || Projections::all().folds().all(built))
}

/// A space was built with the program's folds.
pub(crate) async fn built(
    client: &impl GenericClient,
    space: SpaceId,
    projections: &Projections,
    heals: bool,
) -> Result<(), Fault> {
    let folds: BTreeMap<&str, i64> = projections.folds().collect();
    let folds = json!(folds).to_string();
    let built = client.execute(include_str!("../sql/folds/built.sql"), &[&space.0, &folds, &heals]).await;
    built.map(drop).map_err(|error| write(&error))
}

/// A rebuild has gone over all spaces: the program's folds hold for all of them from now on, but for those that it left out.
pub(super) async fn hold_for_all(
    client: &mut tokio_postgres::Client,
    rebuild: Uuid,
    projections: &Projections,
) -> Result<(), Fault> {
    let (names, versions) = arrays(projections);
    let transaction = client.transaction().await.map_err(|error| read(&error))?;
    let left_behind = include_str!("../sql/folds/left_behind.sql");
    transaction.execute(left_behind, &[&rebuild, &names]).await.map_err(|error| write(&error))?;
    let hold = include_str!("../sql/folds/hold_for_all.sql");
    transaction.execute(hold, &[&names, &versions]).await.map_err(|error| write(&error))?;
    transaction.commit().await.map_err(|error| write(&error))
}

/// Takes away the rows of spaces that are like all others.
pub(super) async fn tidy(client: &impl GenericClient) -> Result<(), Fault> {
    let mut after = Some(Uuid::nil());
    while let Some(last) = after {
        let row = client.query_opt(include_str!("../sql/folds/tidy.sql"), &[&last, &TIDY_SPACES]).await;
        after = row.map_err(|error| write(&error))?.map(|row| row.get("space_id"));
    }
    Ok(())
}

fn arrays(projections: &Projections) -> (Vec<&'static str>, Vec<i64>) {
    projections.folds().unzip()
}
