//! The port that tells a device that has signed in before from any other.

use domain::id::DeviceId;

use crate::fault::Fault;

/// Which devices an account has signed in from.
pub trait KnownDevices {
    /// Whether the account with this address has this device. What is no address has none, after the same work.
    fn knows_device(&self, email: &str, device: DeviceId) -> impl Future<Output = Result<bool, Fault>> + Send;
}
