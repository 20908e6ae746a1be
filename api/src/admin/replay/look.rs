//! The look at a space: whose it is, and the entry that says that somebody looked.

use actix_web::web::Path;
use application::identity::{Act, Directory, Entry, Place, SecurityLog};
use domain::id::{AccountId, SpaceId};
use infrastructure::clock;
use serde_json::Value;

use crate::caller::role::Support;
use crate::problem::{Code, Problem};
use crate::state::App;

/// A space that somebody of support looks at.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    pub(super) account: AccountId,
    pub(super) space: SpaceId,
}

/// Logs the look at a space; `about` says at what. What is no id, has no account or was never founded is not found.
pub(super) async fn look<P: Copy>(
    app: &App,
    by: &Support,
    path: &Result<Path<P>, actix_web::Error>,
    id: impl FnOnce(P) -> uuid::Uuid,
    about: Value,
) -> Result<Seen, Problem> {
    let missing = || Problem::new(Code::NotFound).detail("There is no such space.");
    let named = AccountId(path.as_ref().map(|path| id(**path)).map_err(|_| missing())?);
    let account = app.directory.account(named).await?.ok_or_else(missing)?.id;
    let space = SpaceId::from(account);
    if !app.past.is_founded(space).await? {
        return Err(missing());
    }
    let entry = Entry::by_oneself(account, Act::LookedAt, Place::default(), clock::now_ms());
    app.directory.record(Entry { actor: by.actor, about, ..entry }).await?;
    Ok(Seen { account, space })
}
