//! A known account, signed in by its password.

use domain::id::DeviceId;
use domain::session::Because;
use serde_json::json;

use super::device::{Device, DeviceClaim};
use super::directory::{Credentials, Directory, Opened, SessionOpening};
use super::email::Email;
use super::failure::{Failure, Refusal};
use super::fresh::Fresh;
use super::limits::PASSWORD_BYTES_MAX;
use super::live_sessions::LiveSessions;
use super::password_hash::PasswordHash;
use super::ports::Ports;
use super::refresh_token;
use super::secret::Secret;
use super::security_log::{Act, Actor, Entry, SecurityLog};
use super::signed_in::{SignedIn, admit};
use super::spaces::Spaces;

/// What a login asks for.
pub struct Login {
    /// The address.
    pub email: String,
    /// The password.
    pub password: Secret,
    /// The device; a new one when absent.
    pub device: Option<DeviceClaim>,
    /// The device of the account that goes if the new one finds no room.
    pub displace: Option<DeviceId>,
}

/// Opens a session on the device that was named, or on a new one.
///
/// An unknown address, an impossible one and a wrong password get the same refusal after the same work.
pub async fn login<P: Ports>(ports: &P, asked: Login, fresh: Fresh) -> Result<SignedIn, Failure> {
    let claimed = asked.device.as_ref().map(|claim| claim.device_id);
    let mut refused = Vec::new();
    let device = Device::claimed(asked.device, fresh.device, &mut refused);
    if !refused.is_empty() {
        return Err(Refusal::Fields(refused).into());
    }
    let credentials = match Email::parse(&asked.email) {
        Some(email) if asked.password.reveal().len() <= PASSWORD_BYTES_MAX => {
            ports.directory().credentials(&email).await?
        }
        _ => None,
    };
    let account = proven(ports, credentials, asked.password, claimed, &fresh).await?.account;
    let (refresh, issued) = refresh_token::issue(&fresh);
    let device_id = device.id;
    let opening =
        SessionOpening { device, session: fresh.session, refresh: issued, now_ms: fresh.now_ms, place: fresh.place };
    match ports.directory().open_session(account.id, opening, asked.displace).await? {
        Opened::Done { ended } => ports.live_sessions().ended(&ended, Because::DeviceDisplaced),
        Opened::Full(devices) => return Err(Refusal::TooManyDevices(devices).into()),
        Opened::AccountGone => return Err(Refusal::CredentialsInvalid.into()),
    }
    ports.spaces().found(account.id, device_id, fresh.session, &account.time_zone).await?;
    admit(ports, fresh.now_ms, account, device_id, fresh.session, &refresh)
}

/// The credentials, if the password is theirs. A refusal is recorded, also one of an address without an account: so
/// both take as long.
async fn proven<P: Ports>(
    ports: &P,
    credentials: Option<Credentials>,
    password: Secret,
    device: Option<DeviceId>,
    fresh: &Fresh,
) -> Result<Credentials, Failure> {
    let stored = credentials.as_ref().map(|credentials| credentials.password_hash.clone());
    let same = ports.password_hash().verify(password, stored).await?;
    match credentials {
        Some(credentials) if same => Ok(credentials),
        other => {
            let account = other.map(|credentials| credentials.account.id);
            let (act, actor, place) = (Act::SignInRefused, Actor::Oneself, fresh.place.clone());
            let (at, session, about) = (fresh.now_ms, None, json!({}));
            ports.directory().record(Entry { account, at, act, actor, session, device, place, about }).await?;
            Err(Refusal::CredentialsInvalid.into())
        }
    }
}
