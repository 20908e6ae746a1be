//! The devices of the account that asks, as it sees them.

use domain::id::DeviceId;

use super::asker::Asker;
use super::devices::{Devices, ShownDevice};
use super::failure::{Failure, Refusal};
use super::ports::Ports;

/// All of them, those that were active last first.
pub async fn devices<P: Ports>(ports: &P, asker: &Asker) -> Result<Vec<ShownDevice>, Failure> {
    Ok(ports.directory().devices(asker.account).await?)
}

/// One of them. Another account's device is as unknown as one that never was.
pub async fn device<P: Ports>(ports: &P, asker: &Asker, device: DeviceId) -> Result<ShownDevice, Failure> {
    Ok(ports.directory().device(asker.account, device).await?.ok_or(Refusal::DeviceUnknown)?)
}
