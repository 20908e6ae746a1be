//! What the handlers of one server share.

use application::fault::Fault;
use application::identity::{Ports, Spaces};
use deadpool_postgres::Pool;
use domain::id::{AccountId, DeviceId, SessionId};
use infrastructure::config::Settings;
use infrastructure::passwords::Passwords;
use infrastructure::postgres::directory::PostgresDirectory;
use infrastructure::time_zones::BundledZones;
use infrastructure::tokens::{KeyError, Tokens};
use tokio_util::sync::CancellationToken;

/// Everything that a handler may use; one per server, shared by its workers as `web::Data<App>`.
pub struct App {
    /// Connections to the database.
    pub pool: Pool,
    /// Accounts, devices, sessions.
    pub directory: PostgresDirectory,
    /// Signs and verifies access tokens.
    pub tokens: Tokens,
    /// Hashes passwords.
    pub passwords: Passwords,
    /// Knows time zones.
    pub time_zones: BundledZones,
    /// What the operator chose.
    pub settings: Settings,
    /// Cancelled when the server stops; live feeds end themselves then.
    pub shutdown: CancellationToken,
    spaces: Unfounded,
}

impl App {
    /// Opens what the handlers need: the signing key is read or made, nothing else waits.
    pub fn open(settings: Settings, pool: Pool, shutdown: CancellationToken) -> Result<Self, KeyError> {
        Ok(Self {
            directory: PostgresDirectory::new(pool.clone()),
            tokens: Tokens::open(&settings.data_dir)?,
            passwords: Passwords::new(),
            time_zones: BundledZones::new(settings.time_zone.clone()),
            pool,
            settings,
            shutdown,
            spaces: Unfounded,
        })
    }
}

impl Ports for App {
    type Directory = PostgresDirectory;
    type PasswordHash = Passwords;
    type TokenIssuer = Tokens;
    type Spaces = Unfounded;
    type TimeZones = BundledZones;

    fn directory(&self) -> &PostgresDirectory {
        &self.directory
    }

    fn password_hash(&self) -> &Passwords {
        &self.passwords
    }

    fn token_issuer(&self) -> &Tokens {
        &self.tokens
    }

    fn spaces(&self) -> &Unfounded {
        &self.spaces
    }

    fn time_zones(&self) -> &BundledZones {
        &self.time_zones
    }
}

/// Stands where the pipeline will found spaces.
pub struct Unfounded;

impl Spaces for Unfounded {
    async fn found(&self, _: AccountId, _: DeviceId, _: SessionId, _: &str) -> Result<(), Fault> {
        Ok(())
    }
}
