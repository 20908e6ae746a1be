//! The devices of the account that asks, as it sees them.

use domain::id::DeviceId;

use crate::identity::asker::Asker;
use crate::identity::device::devices::{Devices, ShownDevice};
use crate::identity::failure::{Failure, Refusal};
use crate::identity::ports::Ports;

/// All of them, those that were active last first.
pub async fn devices<P: Ports>(ports: &P, asker: &Asker) -> Result<Vec<ShownDevice>, Failure> {
    Ok(ports.directory().devices(asker.account).await?)
}

/// One of them. Another account's device is as unknown as one that never was.
pub async fn device<P: Ports>(ports: &P, asker: &Asker, device: DeviceId) -> Result<ShownDevice, Failure> {
    Ok(ports.directory().device(asker.account, device).await?.ok_or(Refusal::DeviceUnknown)?)
}
