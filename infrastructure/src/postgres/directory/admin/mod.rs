//! The acts of support and admins: one file each, each one transaction with its entry in the log.

mod change_role;
mod create;
mod end_sessions;
mod erase;
mod list;
mod lock;
mod look;
mod looked;
mod target;
mod unlock;

use application::fault::Fault;
use application::identity::admin::{AccountFile, AccountLine, Administration, Done, NewAccount, Order, Sought, Whose};
use application::identity::{Act, Actor, Entry, Place, Registered, Role, Scheduled};
use serde_json::Value;

use super::PostgresDirectory;

impl Administration for PostgresDirectory {
    async fn create(&self, account: NewAccount) -> Result<Registered, Fault> {
        create::create(&self.pool, account).await
    }

    async fn look(&self, which: Whose, by: Actor, at: i64) -> Result<Option<AccountFile>, Fault> {
        look::look(&self.pool, which, by, at).await
    }

    async fn looked(&self, order: Order, what: &'static str) -> Result<bool, Fault> {
        looked::looked(&self.pool, order, what).await
    }

    async fn list(&self, sought: &Sought, by: Actor, at: i64) -> Result<Vec<AccountLine>, Fault> {
        list::list(&self.pool, sought, by, at).await
    }

    async fn schedule_erasure(&self, order: Order, erase_after: i64) -> Result<Result<Scheduled, Done>, Fault> {
        erase::schedule(&self.pool, order, erase_after).await
    }

    async fn cancel_erasure(&self, order: Order) -> Result<Done, Fault> {
        erase::cancel(&self.pool, order).await
    }

    async fn lock(&self, order: Order) -> Result<Done, Fault> {
        lock::lock(&self.pool, order).await
    }

    async fn unlock(&self, order: Order) -> Result<Done, Fault> {
        unlock::unlock(&self.pool, order).await
    }

    async fn change_role(&self, order: Order, role: Role) -> Result<Done, Fault> {
        change_role::change_role(&self.pool, order, role).await
    }

    async fn end_sessions(&self, order: Order) -> Result<Done, Fault> {
        end_sessions::end_sessions(&self.pool, order).await
    }
}

/// The entry of an act. From where an admin acts is not the account's to know.
fn entry(order: Order, act: Act, about: Value) -> Entry {
    let Order { account, by: actor, at } = order;
    Entry { account: Some(account), at, act, actor, session: None, device: None, place: Place::default(), about }
}
