//! Whether an account has signed in from a device before.

use application::fault::Fault;
use application::identity::KnownDevices;
use domain::id::DeviceId;

use super::{PostgresDirectory, fault, row};

const KNOWS_DEVICE: &str = include_str!("../sql/directory/knows_device.sql");

impl KnownDevices for PostgresDirectory {
    async fn knows_device(&self, email: &str, device: DeviceId) -> Result<bool, Fault> {
        // PostgreSQL has no text with a NUL in it, so no address has one either.
        let email = email.replace('\0', "");
        let client = self.pool.get().await.map_err(fault::of_pool)?;
        let failed = |error| fault::of_statement("knows_device", &error);
        let statement = client.prepare_cached(KNOWS_DEVICE).await.map_err(failed)?;
        let found = client.query_one(&statement, &[&email, &device.0]).await.map_err(failed)?;
        found.try_get("known").map_err(|error| row::unreadable(&error))
    }
}
