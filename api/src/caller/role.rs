//! Callers with a role. What an account may do is looked up for each request: no token says it, so that a role that is
//! taken away is gone at once, and so is what a locked account may do.
//!
//! A handler takes everything else of its request as a `Result`: then the role is what refuses, and whoever lacks it is told
//! the same of every path, id and body.

mod denials;

use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use application::fault::Fault;
use application::identity::{Actor, Directory, Failure, Refusal, Role};
use domain::id::AccountId;
use domain::session::Because;

pub use self::denials::Denials;

use super::{Caller, revoked};
use crate::problem::Problem;
use crate::state::App;

/// Somebody of support, or an admin.
#[derive(Clone, Copy, Debug)]
pub struct Support {
    /// Who.
    pub caller: Caller,
    /// As whom they act.
    pub actor: Actor,
}

/// An admin.
#[derive(Clone, Copy, Debug)]
pub struct Admin {
    /// Who.
    pub caller: Caller,
    /// As whom they act.
    pub actor: Actor,
}

type Looked<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

impl FromRequest for Support {
    type Error = Problem;
    type Future = Looked<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let (caller, role) = role(&request).await?;
            let actor = match role {
                Role::User => return Err(refused(&request, &caller, role).await),
                Role::Support => Actor::Support(caller.account),
                Role::Admin => Actor::Admin(caller.account),
            };
            Ok(Self { caller, actor })
        })
    }
}

impl FromRequest for Admin {
    type Error = Problem;
    type Future = Looked<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            match role(&request).await? {
                (caller, Role::Admin) => Ok(Self { caller, actor: Actor::Admin(caller.account) }),
                (caller, role) => Err(refused(&request, &caller, role).await),
            }
        })
    }
}

/// The refusal, which the log tells of: whoever asks for more than the role allows is to be seen.
async fn refused(request: &HttpRequest, caller: &Caller, role: Role) -> Problem {
    if let Some(app) = request.app_data::<web::Data<App>>() {
        app.denials.note(app, request, caller, role).await;
    }
    Refusal::RoleMissing.into()
}

async fn role(request: &HttpRequest) -> Result<(Caller, Role), Problem> {
    let caller = Caller::extract(request).await?;
    let app = request.app_data::<web::Data<App>>().ok_or_else(|| Problem::internal("no state in the request"))?;
    let role = role_now(app, caller.account).await.map_err(Failure::from)??;
    Ok((caller, role))
}

/// The role in which an account acts at this moment, or why it does not. A lock is looked up with it: its sessions have ended, but
/// another node hears of that a moment later.
pub async fn role_now(app: &App, account: AccountId) -> Result<Result<Role, Problem>, Fault> {
    Ok(match app.directory.authority(account).await? {
        None => Err(Refusal::AccountGone.into()),
        Some(authority) if authority.is_locked => Err(revoked(Because::AccountLocked)),
        Some(authority) => Ok(authority.role),
    })
}
