//! A device of one's own gets another name, push token, version or key.

use domain::id::DeviceId;

use crate::identity::asker::Asker;
use crate::identity::device::claim::{is_app_version, is_device_name, is_push_token};
use crate::identity::device::devices::{Changed, DeviceChange, Devices, ShownDevice};
use crate::identity::device::key::{DeviceKey, KeyAsked, KeyWish};
use crate::identity::failure::{Failure, FieldRefusal, Refusal};
use crate::identity::fresh::Fresh;
use crate::identity::ports::Ports;
use crate::identity::secret::Secret;
use crate::identity::sign_in::prove::prove_own;

/// What is asked, unchecked; what is absent stays as it is.
pub struct ChangeDevice {
    /// What its owner calls it.
    pub device_name: Option<String>,
    /// Where notifications go; `Some(None)`: nowhere any more.
    pub push_token: Option<Option<String>>,
    /// What the app on it is.
    pub app_version: Option<String>,
    /// The key that its refreshes are signed with; `Some(None)`: they are not any more.
    pub public_key: Option<Option<String>>,
    /// The account's password, to replace or remove a key.
    pub current_password: Option<Secret>,
}

/// Changes the device. Only the device that asks can have its own key changed.
pub async fn change_device<P: Ports>(
    ports: &P,
    asker: &Asker,
    device: DeviceId,
    asked: ChangeDevice,
    fresh: Fresh,
) -> Result<ShownDevice, Failure> {
    let occasion = asker.occasion(&fresh);
    let wish = check(&asked)?;
    if wish != KeyWish::Keep && device != asker.device {
        // Of a stranger's device not even this is said.
        ports.directory().device(asker.account, device).await?.ok_or(Refusal::DeviceUnknown)?;
        return Err(Refusal::KeyOfAnotherDevice.into());
    }
    let proven = match asked.current_password {
        Some(password) => prove_own(ports, asker, password, &fresh).await.map(|_| true)?,
        None => false,
    };
    let change = DeviceChange {
        platform: None,
        name: asked.device_name,
        push_token: asked.push_token,
        app_version: asked.app_version,
        key: KeyAsked { wish, proven },
    };
    match ports.directory().change_device(occasion, device, change).await? {
        Changed::Done(device) => Ok(device),
        Changed::Unknown => Err(Refusal::DeviceUnknown.into()),
        Changed::PasswordRequired => Err(Refusal::PasswordRequired.into()),
    }
}

fn check(asked: &ChangeDevice) -> Result<KeyWish, Refusal> {
    let mut refused = Vec::new();
    if asked.device_name.as_deref().is_some_and(|name| !is_device_name(name)) {
        refused.push(FieldRefusal::DeviceName);
    }
    if asked.push_token.iter().flatten().any(|token| !is_push_token(token)) {
        refused.push(FieldRefusal::PushToken);
    }
    if asked.app_version.as_deref().is_some_and(|version| !is_app_version(version)) {
        refused.push(FieldRefusal::AppVersion);
    }
    let wish = match &asked.public_key {
        None => KeyWish::Keep,
        Some(None) => KeyWish::Remove,
        Some(Some(text)) => DeviceKey::parse(text).map_or_else(
            || {
                refused.push(FieldRefusal::PublicKey);
                KeyWish::Keep
            },
            KeyWish::Set,
        ),
    };
    if refused.is_empty() { Ok(wish) } else { Err(Refusal::Fields(refused)) }
}
