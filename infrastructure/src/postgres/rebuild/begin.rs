//! The beginning of a rebuild: a row that says what is to be done. One rebuild of a database at a time.

use application::fault::Fault;
use application::identity::{Act, Actor};
use deadpool_postgres::{ClientWrapper, Transaction};
use domain::id::SpaceId;
use serde_json::json;
use tokio_postgres::error::SqlState;
use uuid::Uuid;

use super::super::directory::record::record;
use super::super::fault::{read, write};
use super::standing::unended;
use super::{RebuildError, Scope, orders};
use crate::clock::{now_ms, uuid_v7};

/// Times that a begin meets one that ends just then.
const ATTEMPTS_MAX: usize = 5;

/// The cause of a rebuild that was begun because rows are of an older fold.
pub const FOLD: &str = "fold";

/// Why it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Somebody asked for it; that is logged.
    Asked(Actor),
    /// Rows are of an older fold.
    Fold,
}

/// Begins, in the hands of a session if one is named; its id.
///
/// # Errors
/// Another one has not ended, or the space is not there.
pub(super) async fn begin(
    client: &mut ClientWrapper,
    scope: &Scope,
    cause: Cause,
    holder: Option<(i32, String)>,
) -> Result<Uuid, RebuildError> {
    let id = uuid_v7();
    for _ in 0..ATTEMPTS_MAX {
        {
            let transaction = client.transaction().await.map_err(|error| read(&error))?;
            match insert(&transaction, id, (scope, cause), holder.as_ref()).await {
                Ok(0) => return Err(RebuildError::NoSpace(scope.space.unwrap_or_default())),
                Ok(_) => {
                    log(&transaction, id, scope, cause).await?;
                    transaction.commit().await.map_err(|error| write(&error))?;
                    return Ok(id);
                }
                Err(error) if error.code() == Some(&SqlState::UNIQUE_VIOLATION) => {}
                Err(error) => return Err(write(&error).into()),
            }
        }
        if let Some(other) = unended(&**client).await? {
            return Err(RebuildError::Unfinished { id: other });
        }
    }
    Err(Fault::Crowded("rebuilds begin and end all the time".to_owned()).into())
}

async fn insert(
    transaction: &Transaction<'_>,
    id: Uuid,
    (scope, cause): (&Scope, Cause),
    holder: Option<&(i32, String)>,
) -> Result<u64, tokio_postgres::Error> {
    let sql = match scope.space {
        None => include_str!("../sql/rebuild/begin.sql"),
        Some(_) => include_str!("../sql/rebuild/begin_one.sql"),
    };
    let (names, versions): (Vec<&str>, Vec<i64>) = scope.projections.versions().unzip();
    let (space, workers, now) = (scope.space.map(|space| space.0), i32::from(scope.workers.max(1)), now_ms());
    let (pid, start) = (holder.map(|holder| holder.0), holder.map(|holder| holder.1.as_str()));
    let cause = match cause {
        Cause::Asked(_) => "asked",
        Cause::Fold => FOLD,
    };
    transaction
        .execute(sql, &[&id, &space, &names, &versions, &scope.check, &workers, &cause, &now, &pid, &start])
        .await
}

async fn log(transaction: &Transaction<'_>, id: Uuid, scope: &Scope, cause: Cause) -> Result<(), Fault> {
    let Cause::Asked(actor) = cause else { return Ok(()) };
    let about = json!({
        "rebuild_id": id,
        "projections": scope.projections.names().collect::<Vec<_>>(),
        "check": scope.check,
    });
    record(transaction, &orders::entry(Act::RebuildBegun, actor, scope.space, about)).await
}

impl Scope {
    /// Of one space.
    pub fn of_space(space: SpaceId) -> Self {
        Self { space: Some(space), ..Self::default() }
    }
}
