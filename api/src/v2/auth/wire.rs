//! The bodies that the endpoints of this room share.

use application::identity::{Account, CsrfSecret, DeviceClaim, Platform, SignedIn};
use domain::id::DeviceId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A device, as it describes itself.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceBody {
    /// Made once by the installation (uuid v7) and kept.
    pub device_id: Uuid,
    /// What it runs on.
    pub platform: PlatformBody,
    /// What its owner calls it; at most 100 characters.
    #[schema(example = "Ada's iPhone")]
    pub device_name: String,
    /// Where notifications go.
    pub push_token: Option<String>,
}

/// What a device runs on.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlatformBody {
    /// An iPhone or iPad.
    Ios,
    /// A browser.
    Web,
    /// Anything else.
    Other,
}

/// An account.
#[derive(Serialize, ToSchema)]
pub struct AccountBody {
    /// Also the id of its personal space and its hero.
    pub id: Uuid,
    /// As it was given at registration.
    pub email: String,
    /// `user`, `support` or `admin`.
    pub role: &'static str,
    /// From when on it is erased, ms, if that was asked for; `/auth/account/cancel-deletion` calls it off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub erase_after: Option<i64>,
}

/// A session that has begun or goes on.
#[derive(Serialize, ToSchema)]
pub struct SessionBody {
    /// Who.
    pub account: AccountBody,
    /// From which device; the server made it if none was named.
    pub device_id: Uuid,
    /// Which session.
    pub session_id: Uuid,
    /// Goes into `Authorization: Bearer …`. Absent when it is a cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token: Option<String>,
    /// Seconds until the access token ends.
    pub expires_in: i64,
    /// Good for one refresh; keep it safe. Absent when it is a cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// With cookies only: goes into the header `X-CSRF-Token` of everything that is not read only. Also in the cookie
    /// `levelup_csrf`, for pages of this server's own origin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub csrf_token: Option<String>,
}

impl SessionBody {
    /// What a browser is told whose tokens are cookies.
    pub(super) fn by_cookies(signed_in: &SignedIn, csrf: &CsrfSecret) -> Self {
        let csrf_token = Some(csrf.text().reveal().to_owned());
        Self { access_token: None, refresh_token: None, csrf_token, ..Self::from(signed_in) }
    }
}

/// A registration that goes on in the mail.
#[derive(Serialize, ToSchema)]
pub struct VerificationBody {
    /// Always `sent`: a mail to the address says how to go on.
    #[schema(example = "sent")]
    pub verification: &'static str,
}

impl From<DeviceBody> for DeviceClaim {
    fn from(body: DeviceBody) -> Self {
        let DeviceBody { device_id, platform, device_name, push_token } = body;
        Self { device_id: DeviceId(device_id), platform: platform.into(), device_name, push_token }
    }
}

impl From<PlatformBody> for Platform {
    fn from(body: PlatformBody) -> Self {
        match body {
            PlatformBody::Ios => Self::Ios,
            PlatformBody::Web => Self::Web,
            PlatformBody::Other => Self::Other,
        }
    }
}

impl From<Account> for AccountBody {
    fn from(account: Account) -> Self {
        Self { id: account.id.0, email: account.email, role: account.role.as_str(), erase_after: account.erase_after }
    }
}

impl From<&SignedIn> for SessionBody {
    fn from(signed_in: &SignedIn) -> Self {
        Self {
            account: signed_in.account.clone().into(),
            device_id: signed_in.device.0,
            session_id: signed_in.session.0,
            access_token: Some(signed_in.access_token.reveal().to_owned()),
            expires_in: signed_in.expires_in_s,
            refresh_token: Some(signed_in.refresh_token.reveal().to_owned()),
            csrf_token: None,
        }
    }
}
