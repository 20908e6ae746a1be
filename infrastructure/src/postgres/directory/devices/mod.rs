//! The devices of an account: every statement names the account first, so that another account's device with the same id
//! is out of reach. Whoever adds or removes one holds the account's row meanwhile, so that no two at once find the last
//! place free.

mod change;
mod held;
mod leave;
mod put;
mod remove;
pub(super) mod room;
mod shown;

use application::fault::Fault;
use application::identity::{Changed, Device, DeviceChange, Devices, KeyAsked, Occasion, Put, ShownDevice};
use domain::id::{AccountId, DeviceId, SessionId};

use super::{PostgresDirectory, fault};

impl Devices for PostgresDirectory {
    async fn devices(&self, account: AccountId) -> Result<Vec<ShownDevice>, Fault> {
        let client = self.pool.get().await.map_err(fault::of_pool)?;
        shown::all(&client, account).await
    }

    async fn device(&self, account: AccountId, device: DeviceId) -> Result<Option<ShownDevice>, Fault> {
        let client = self.pool.get().await.map_err(fault::of_pool)?;
        shown::one(&client, account, device).await
    }

    async fn put_device(
        &self,
        occasion: Occasion,
        asking: DeviceId,
        device: Device,
        key: KeyAsked,
    ) -> Result<Put, Fault> {
        put::put(&self.pool, &occasion, asking, device, key).await
    }

    async fn change_device(
        &self,
        occasion: Occasion,
        device: DeviceId,
        change: DeviceChange,
    ) -> Result<Changed, Fault> {
        change::change(&self.pool, &occasion, device, change).await
    }

    async fn remove_device(&self, occasion: Occasion, device: DeviceId) -> Result<Option<Vec<SessionId>>, Fault> {
        remove::remove(&self.pool, &occasion, device).await
    }
}
