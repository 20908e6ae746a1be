//! A known account, signed in by its password.

use domain::id::DeviceId;
use domain::session::Because;

use crate::identity::account::Account;
use crate::identity::device::claim::{Device, DeviceClaim};
use crate::identity::directory::{Credentials, Directory, Opened, SessionOpening};
use crate::identity::email::Email;
use crate::identity::failure::{Failure, Refusal};
use crate::identity::fresh::Fresh;
use crate::identity::limits::PASSWORD_BYTES_MAX;
use crate::identity::password_hash::PasswordHash;
use crate::identity::policy::Policy;
use crate::identity::ports::Ports;
use crate::identity::secret::Secret;
use crate::identity::session::live_sessions::LiveSessions;
use crate::identity::session::refresh_token;
use crate::identity::sign_in::csrf::CsrfDigest;
use crate::identity::sign_in::prove::prove;
use crate::identity::sign_in::signed_in::{Admitted, SignedIn, admit};
use crate::identity::spaces::Spaces;

/// How often the password is checked when the account changes meanwhile, as it does when its hash is renewed.
const CHECKS_MAX: usize = 3;
/// When to come back after all of them were overtaken.
const OVERTAKEN_RETRY_MS: u64 = 500;

/// What a login asks for.
pub struct Login {
    /// The address.
    pub email: String,
    /// The password.
    pub password: Secret,
    /// The device; a new one when absent.
    pub device: Option<DeviceClaim>,
    /// What the client is, of one that keeps no id for its device, such as `web Firefox`: its device is then the one that
    /// such clients have on the account, whatever id is claimed, so that signing in again takes no place of another.
    pub client: Option<String>,
    /// The device of the account that goes if the new one finds no room.
    pub displace: Option<DeviceId>,
    /// What a browser's requests will be checked with; none for an app.
    pub csrf: Option<CsrfDigest>,
}

/// Opens a session on the device that was named, or on a new one.
///
/// An unknown address, an impossible one and a wrong password get the same refusal after the same work. Only who knows
/// the password learns that the account is locked or its address not proven.
pub async fn login<P: Ports>(ports: &P, asked: Login, fresh: Fresh) -> Result<SignedIn, Failure> {
    let mut refused = Vec::new();
    let device = Device::claimed(asked.device.clone(), fresh.device, &mut refused);
    if !refused.is_empty() {
        return Err(Refusal::Fields(refused).into());
    }
    let (refresh, issued) = refresh_token::issue(&fresh);
    let (session, csrf, place) = (fresh.session, asked.csrf, fresh.place.clone());
    let names_device = asked.client.is_none();
    let opening = SessionOpening { device, names_device, session, refresh: issued, csrf, now_ms: fresh.now_ms, place };
    let (account, device_id) = enter(ports, &asked, opening, &fresh).await?;
    ports.spaces().found(account.id, device_id, session, &account.time_zone).await?;
    admit(ports, fresh.now_ms, Admitted { account, device: device_id, session, csrf, refresh: &refresh })
}

/// Checks the password and opens the session. Whoever changes the password or locks the account in between ends the
/// sessions that are there, so one that begins just then must be checked again.
async fn enter<P: Ports>(
    ports: &P,
    asked: &Login,
    opening: SessionOpening,
    fresh: &Fresh,
) -> Result<(Account, DeviceId), Failure> {
    for _ in 0..CHECKS_MAX {
        ports.password_hash().has_room()?;
        let credentials = prove(ports, credentials(ports, asked).await?, asked.password.clone(), fresh).await?;
        may_enter(ports.policy(), &credentials)?;
        let device = opening.device.clone().on(credentials.account.id, asked.client.as_deref());
        let (device_id, opening) = (device.id, SessionOpening { device, ..opening.clone() });
        match ports.directory().open_session(&credentials, opening, asked.displace).await? {
            Opened::Done { ended } => {
                ports.live_sessions().ended(&ended, Because::DeviceDisplaced);
                return Ok((credentials.account, device_id));
            }
            Opened::Full(devices) => return Err(Refusal::TooManyDevices(devices).into()),
            // Its erasure came in between: this is an address like any that nobody has.
            Opened::AccountGone => return Err(Refusal::CredentialsInvalid.into()),
            Opened::Overtaken => {}
        }
    }
    Err(Failure::Busy { retry_after_ms: OVERTAKEN_RETRY_MS })
}

async fn credentials<P: Ports>(ports: &P, asked: &Login) -> Result<Option<Credentials>, Failure> {
    match Email::parse(&asked.email) {
        Some(email) if asked.password.reveal().len() <= PASSWORD_BYTES_MAX => {
            Ok(ports.directory().credentials(&email).await?)
        }
        _ => Ok(None),
    }
}

fn may_enter(policy: &Policy, credentials: &Credentials) -> Result<(), Refusal> {
    if credentials.standing.locked_at.is_some() {
        return Err(Refusal::AccountLocked);
    }
    if policy.email_must_be_verified && credentials.standing.verified_at.is_none() {
        return Err(Refusal::EmailUnverified);
    }
    Ok(())
}
