//! The directory in PostgreSQL: accounts, devices, sessions and refresh tokens as plain rows, beside the core and
//! outside its rules. One file per statement; each statement is one atomic step in one round trip.

mod account;
mod carrier;
mod credentials;
mod fault;
mod open_session;
mod post;
mod record;
mod register;
mod revoke;
pub(crate) mod revoked;
mod rotate;
mod row;

use application::fault::Fault;
use application::identity::{
    Account, Carrier, Carriers, Credentials, Directory, Email, Entry, RefreshDigest, Registered, Registration, Rotated,
    Rotation, SecurityLog, SessionOpening,
};
use deadpool_postgres::Pool;
use domain::id::AccountId;

/// The directory behind a pool of connections.
#[derive(Clone)]
pub struct PostgresDirectory {
    pool: Pool,
}

impl PostgresDirectory {
    /// Uses the connections of `pool`, whose database is migrated.
    pub fn new(pool: Pool) -> Self {
        Self { pool }
    }
}

impl Directory for PostgresDirectory {
    async fn register(&self, registration: Registration) -> Result<Registered, Fault> {
        register::register(&self.pool, registration).await
    }

    async fn credentials(&self, email: &Email) -> Result<Option<Credentials>, Fault> {
        credentials::credentials(&self.pool, email).await
    }

    async fn open_session(&self, account: AccountId, opening: SessionOpening) -> Result<(), Fault> {
        open_session::open_session(&self.pool, account, opening).await
    }

    async fn rotate(&self, rotation: Rotation) -> Result<Option<Rotated>, Fault> {
        rotate::rotate(&self.pool, rotation).await
    }

    async fn account(&self, id: AccountId) -> Result<Option<Account>, Fault> {
        account::account(&self.pool, id).await
    }
}

impl SecurityLog for PostgresDirectory {
    async fn record(&self, entry: Entry) -> Result<(), Fault> {
        let client = self.pool.get().await.map_err(fault::of_pool)?;
        record::record(&client, &entry).await
    }
}

impl Carriers for PostgresDirectory {
    async fn carrier(&self, presented: RefreshDigest) -> Result<Option<Carrier>, Fault> {
        carrier::carrier(&self.pool, presented).await
    }
}
