//! What support and admins do, over HTTP: one file per resource. Every act and every look is in the security log, where
//! the account that it is about can read it.

pub mod accounts;
pub mod analytics;
pub mod audit;
pub mod backups;
pub mod dead_letters;
pub mod erase;
pub mod events;
pub mod flags;
pub mod lock;
pub mod rebuilds;
pub mod redactions;
pub mod repair;
pub mod replay;
pub mod role;
pub mod sessions;
pub mod settings;
pub mod sync_history;
pub mod verify;
pub mod wire;

use actix_web::web::{Path, Query};
use application::identity::admin::Order;
use domain::id::AccountId;
use infrastructure::clock;
use uuid::Uuid;

use crate::caller::role::Admin;
use crate::problem::{Code, Problem};

/// The account in the path; what is no id is nobody's.
type AccountPath = Result<Path<Uuid>, actix_web::Error>;

fn account(path: AccountPath) -> Result<AccountId, Problem> {
    path.map(|id| AccountId(id.into_inner()))
        .map_err(|_| Problem::new(Code::NotFound).detail("There is no such account."))
}

/// A query that fits; whoever lacks the role was refused before.
fn asked<T>(query: Result<Query<T>, actix_web::Error>) -> Result<T, Problem> {
    query.map(Query::into_inner).map_err(|error| Problem::new(Code::QueryInvalid).detail(error.to_string()))
}

fn order(admin: &Admin, path: AccountPath) -> Result<Order, Problem> {
    Ok(Order { account: account(path)?, by: admin.actor, at: clock::now_ms() })
}
