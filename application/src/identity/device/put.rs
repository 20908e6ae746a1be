//! A device that is added to an account, or brought up to date.

use domain::session::Because;

use crate::identity::asker::Asker;
use crate::identity::device::claim::{Device, DeviceClaim};
use crate::identity::device::devices::{Devices, Put, ShownDevice};
use crate::identity::device::key::{DeviceKey, KeyAsked, KeyWish};
use crate::identity::failure::{Failure, FieldRefusal, Refusal};
use crate::identity::fresh::Fresh;
use crate::identity::ports::Ports;
use crate::identity::secret::Secret;
use crate::identity::session::live_sessions::LiveSessions;
use crate::identity::sign_in::prove::prove_own;

/// What is asked.
pub struct PutDevice {
    /// What the device says about itself.
    pub claim: DeviceClaim,
    /// The key that its refreshes are signed with from now on, unchecked; absent: as it is.
    pub public_key: Option<String>,
    /// The account's password, for another key than the one it has.
    pub current_password: Option<Secret>,
}

/// Adds the device or brings it up to date; whether it was new. Only the device that asks can be given a key.
pub async fn put_device<P: Ports>(
    ports: &P,
    asker: &Asker,
    asked: PutDevice,
    fresh: Fresh,
) -> Result<(bool, ShownDevice), Failure> {
    let occasion = asker.occasion(&fresh);
    let (device, wish) = check(asked.claim, asked.public_key.as_deref(), &fresh)?;
    if wish != KeyWish::Keep && device.id != asker.device {
        return Err(Refusal::KeyOfAnotherDevice.into());
    }
    let proven = match asked.current_password {
        Some(password) => prove_own(ports, asker, password, &fresh).await.map(|_| true)?,
        None => false,
    };
    match ports.directory().put_device(occasion, asker.device, device, KeyAsked { wish, proven }).await? {
        Put::Added { device, ended } => {
            ports.live_sessions().ended(&ended, Because::DeviceDisplaced);
            Ok((true, device))
        }
        Put::Known(device) => Ok((false, device)),
        Put::Full(devices) => Err(Refusal::TooManyDevices(devices).into()),
        Put::PasswordRequired => Err(Refusal::PasswordRequired.into()),
        Put::AccountGone => Err(Refusal::AccountGone.into()),
    }
}

fn check(claim: DeviceClaim, public_key: Option<&str>, fresh: &Fresh) -> Result<(Device, KeyWish), Refusal> {
    let mut refused = Vec::new();
    let device = Device::claimed(Some(claim), fresh.device, &mut refused);
    let wish = match public_key.map(DeviceKey::parse) {
        None => KeyWish::Keep,
        Some(Some(key)) => KeyWish::Set(key),
        Some(None) => {
            refused.push(FieldRefusal::PublicKey);
            KeyWish::Keep
        }
    };
    if refused.is_empty() { Ok((device, wish)) } else { Err(Refusal::Fields(refused)) }
}
