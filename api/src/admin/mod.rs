//! What support and admins do, over HTTP: one file per resource. Every act and every look is in the security log, where
//! the account that it is about can read it.

pub mod accounts;
pub mod analytics;
pub mod lock;
pub mod role;
pub mod sessions;
pub mod wire;

use actix_web::web::Path;
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

fn order(admin: &Admin, path: AccountPath) -> Result<Order, Problem> {
    Ok(Order { account: account(path)?, by: admin.actor, at: clock::now_ms() })
}
