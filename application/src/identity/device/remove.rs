//! A device that leaves its account, with everything that was signed in on it.

use domain::id::DeviceId;
use domain::session::Because;

use crate::identity::asker::Asker;
use crate::identity::device::devices::Devices;
use crate::identity::failure::{Failure, Refusal};
use crate::identity::fresh::Fresh;
use crate::identity::ports::Ports;
use crate::identity::session::live_sessions::LiveSessions;

/// Removes the device and ends its sessions; the asker's own too, if it is the device that asks.
pub async fn remove_device<P: Ports>(ports: &P, asker: &Asker, device: DeviceId, fresh: &Fresh) -> Result<(), Failure> {
    let removed = ports.directory().remove_device(asker.occasion(fresh), device).await?;
    ports.live_sessions().ended(&removed.ok_or(Refusal::DeviceUnknown)?, Because::DeviceRemoved);
    Ok(())
}
