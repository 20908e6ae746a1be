//! A device that leaves its account, with everything that was signed in on it.

use domain::id::DeviceId;
use domain::session::Because;

use super::asker::Asker;
use super::devices::Devices;
use super::failure::{Failure, Refusal};
use super::fresh::Fresh;
use super::live_sessions::LiveSessions;
use super::ports::Ports;

/// Removes the device and ends its sessions; the asker's own too, if it is the device that asks.
pub async fn remove_device<P: Ports>(ports: &P, asker: &Asker, device: DeviceId, fresh: &Fresh) -> Result<(), Failure> {
    let removed = ports.directory().remove_device(asker.occasion(fresh), device).await?;
    ports.live_sessions().ended(&removed.ok_or(Refusal::DeviceUnknown)?, Because::DeviceRemoved);
    Ok(())
}
