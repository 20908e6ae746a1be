//! The directory in PostgreSQL: accounts, devices, sessions and refresh tokens as plain rows, beside the core and
//! outside its rules. One file per statement; each statement is one atomic step in one round trip.

mod access_log;
mod account;
mod admin;
mod ask;
mod authority;
pub(crate) mod clear;
mod credentials;
mod devices;
mod end_sessions;
pub mod erasure;
mod fault;
mod flags;
mod knows_device;
mod life;
mod living_sessions;
pub(crate) mod mail_token;
mod nonces;
mod open_session;
pub(crate) mod outbox;
pub(crate) mod password;
mod post;
pub(crate) mod record;
mod recovery;
mod refresh_token;
mod register;
mod register_unproven;
pub(crate) mod revoke;
pub(crate) mod revoked;
mod rotate;
mod row;
mod session_ports;
pub(crate) mod touch;
mod verified;

use application::fault::Fault;
use application::identity::{
    Account, Authority, Credentials, Directory, Email, Entry, Opened, Registered, Registration, SecurityLog,
    SessionOpening,
};
use deadpool_postgres::Pool;
use domain::id::{AccountId, DeviceId};

/// The directory behind a pool of connections.
#[derive(Clone)]
pub struct PostgresDirectory {
    pool: Pool,
    refused: life::RefusedSignIns,
}

impl PostgresDirectory {
    /// Uses the connections of `pool`, whose database is migrated.
    pub fn new(pool: Pool) -> Self {
        Self { pool, refused: life::RefusedSignIns::default() }
    }
}

impl Directory for PostgresDirectory {
    async fn register(&self, registration: Registration) -> Result<Registered, Fault> {
        register::register(&self.pool, registration).await
    }

    async fn credentials(&self, email: &Email) -> Result<Option<Credentials>, Fault> {
        credentials::credentials(&self.pool, email).await
    }

    async fn open_session(
        &self,
        checked: &Credentials,
        opening: SessionOpening,
        displace: Option<DeviceId>,
    ) -> Result<Opened, Fault> {
        open_session::open_session(&self.pool, checked, opening, displace).await
    }

    async fn account(&self, id: AccountId) -> Result<Option<Account>, Fault> {
        account::account(&self.pool, id).await
    }

    async fn authority(&self, id: AccountId) -> Result<Option<Authority>, Fault> {
        authority::authority(&self.pool, id).await
    }
}

impl SecurityLog for PostgresDirectory {
    async fn record(&self, entry: Entry) -> Result<(), Fault> {
        let client = self.pool.get().await.map_err(fault::of_pool)?;
        record::record(&client, &entry).await
    }
}
