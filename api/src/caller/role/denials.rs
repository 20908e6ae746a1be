//! Who asked for more than the role allows: in the security log, once a minute for each account and route, so that asking again
//! and again fills nothing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::HttpRequest;
use application::identity::{Act, Entry, Role, SecurityLog};
use domain::id::AccountId;
use infrastructure::clock::now_ms;
use serde_json::json;

use super::Caller;
use crate::place::place;
use crate::state::App;

/// For so long a repetition is not told of.
const QUIET_MS: i64 = 60_000;
/// Accounts and routes that are remembered; past it the oldest minutes are forgotten.
const REMEMBERED_MAX: usize = 10_000;

/// What was told of lately. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Denials {
    told: Arc<Mutex<HashMap<(AccountId, String), i64>>>,
}

impl Denials {
    /// Writes the refusal down. One that cannot be written is refused all the same.
    pub(super) async fn note(&self, app: &App, request: &HttpRequest, caller: &Caller, role: Role) {
        let route = request.match_pattern().unwrap_or_default();
        let asked = format!("{} {route}", request.method());
        let at = now_ms();
        if !self.is_new(caller.account, &asked, at) {
            return;
        }
        let about = json!({ "asked": asked, "role": role.as_str() });
        let entry = Entry::by_oneself(caller.account, Act::RoleMissing, place(request), at);
        let entry = Entry { session: Some(caller.session), device: Some(caller.device), about, ..entry };
        if let Err(fault) = app.directory.record(entry).await {
            tracing::warn!(account.id = %caller.account, fault = %fault, "a refusal could not be written into the security log");
        }
    }

    fn is_new(&self, account: AccountId, asked: &str, at: i64) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (account, asked.to_owned());
        if told.get(&key).is_some_and(|before| at - before < QUIET_MS) {
            return false;
        }
        if told.len() >= REMEMBERED_MAX {
            told.retain(|_, before| at - *before < QUIET_MS);
        }
        if told.len() < REMEMBERED_MAX {
            told.insert(key, at);
        }
        true
    }
}
