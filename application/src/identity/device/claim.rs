//! An installation that signs in. It is known by (account, device id): a stolen id is useless to another account.

use domain::id::{AccountId, DeviceId};
use uuid::Uuid;

use crate::identity::failure::FieldRefusal;
use crate::identity::limits::{APP_VERSION_CHARS_MAX, DEVICE_NAME_CHARS_MAX, PUSH_TOKEN_BYTES_MAX};

/// What a device says about itself; every word of it is still to be checked.
#[derive(Clone)]
pub struct DeviceClaim {
    /// The id that the installation made for itself.
    pub device_id: DeviceId,
    /// What it runs on.
    pub platform: Platform,
    /// What its owner calls it.
    pub device_name: String,
    /// Where notifications go, if it wants any.
    pub push_token: Option<String>,
}

/// A device that may be stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Device {
    /// Unique together with the account only.
    pub id: DeviceId,
    /// What it runs on.
    pub platform: Platform,
    /// What its owner calls it; empty when nobody named it.
    pub name: String,
    /// Where notifications go. `None` keeps what is stored.
    pub push_token: Option<String>,
}

/// What a device runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    /// An iPhone or iPad.
    Ios,
    /// A browser.
    Web,
    /// Anything else: the command line, a script, a test.
    Other,
}

impl Platform {
    /// The name that is stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ios => "ios",
            Self::Web => "web",
            Self::Other => "other",
        }
    }

    /// The platform of a stored name; `None` when this program does not know it.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Ios, Self::Web, Self::Other].into_iter().find(|platform| platform.as_str() == name)
    }
}

impl Device {
    /// The device that was claimed, or a new one with the id `fresh` when none was. Refusals are added to `refused`.
    pub(in crate::identity) fn claimed(
        claim: Option<DeviceClaim>,
        fresh: DeviceId,
        refused: &mut Vec<FieldRefusal>,
    ) -> Self {
        let Some(claim) = claim else {
            return Self { id: fresh, platform: Platform::Other, name: String::new(), push_token: None };
        };
        // The server's own id: what a device of that name wrote would pass for the server's.
        if claim.device_id == DeviceId::SERVER {
            refused.push(FieldRefusal::DeviceId);
        }
        if !is_device_name(&claim.device_name) {
            refused.push(FieldRefusal::DeviceName);
        }
        if claim.push_token.as_ref().is_some_and(|token| !is_push_token(token)) {
            refused.push(FieldRefusal::PushToken);
        }
        Self { id: claim.device_id, platform: claim.platform, name: claim.device_name, push_token: claim.push_token }
    }

    /// The device as an account has it: that of a client that keeps no id follows from the account and what the client is.
    #[must_use]
    pub(in crate::identity) fn on(self, account: AccountId, client: Option<&str>) -> Self {
        let of_client = |client: &str| DeviceId(Uuid::new_v5(&account.0, format!("client/{client}").as_bytes()));
        Self { id: client.map_or(self.id, of_client), ..self }
    }
}

/// Whether a device may be called so.
pub(in crate::identity) fn is_device_name(name: &str) -> bool {
    name.chars().count() <= DEVICE_NAME_CHARS_MAX && !name.chars().any(char::is_control)
}

/// Whether this can be where notifications go.
pub(in crate::identity) fn is_push_token(token: &str) -> bool {
    (1..=PUSH_TOKEN_BYTES_MAX).contains(&token.len()) && !token.chars().any(char::is_control)
}

/// Whether this can be what a client says it is.
pub(in crate::identity) fn is_app_version(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= APP_VERSION_CHARS_MAX && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_device_of_a_client_without_an_id_is_one_of_its_account() {
        let device =
            Device { id: DeviceId(Uuid::from_u128(1)), platform: Platform::Web, name: String::new(), push_token: None };
        let of =
            |account: u128, client: Option<&str>| device.clone().on(AccountId(Uuid::from_u128(account)), client).id;
        assert_eq!(of(7, None), device.id);
        assert_eq!(of(7, Some("web Firefox")), of(7, Some("web Firefox")));
        assert_ne!(of(7, Some("web Firefox")), of(8, Some("web Firefox")));
        assert_ne!(of(7, Some("web Firefox")), of(7, Some("ios app")));
    }
}
