//! A known account, signed in by its password.

use super::csrf::CsrfDigest;
use super::device::{Device, DeviceClaim};
use super::directory::{Credentials, Directory, SessionOpening};
use super::email::Email;
use super::failure::{Failure, Refusal};
use super::fresh::Fresh;
use super::limits::PASSWORD_BYTES_MAX;
use super::password_hash::PasswordHash;
use super::ports::Ports;
use super::refresh_token;
use super::secret::Secret;
use super::signed_in::{Admitted, SignedIn, admit};
use super::spaces::Spaces;

/// What a login asks for.
pub struct Login {
    /// The address.
    pub email: String,
    /// The password.
    pub password: Secret,
    /// The device; a new one when absent.
    pub device: Option<DeviceClaim>,
    /// What a browser's requests will be checked with; none for an app.
    pub csrf: Option<CsrfDigest>,
}

/// Opens a session on the device that was named, or on a new one.
///
/// An unknown address, an impossible one and a wrong password get the same refusal after the same work.
pub async fn login<P: Ports>(ports: &P, asked: Login, fresh: Fresh) -> Result<SignedIn, Failure> {
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
    let account = proven(ports, credentials, asked.password).await?.account;
    let (refresh, issued) = refresh_token::issue(&fresh);
    let device_id = device.id;
    let opening = SessionOpening {
        device,
        session: fresh.session,
        refresh: issued,
        csrf: asked.csrf,
        now_ms: fresh.now_ms,
        place: fresh.place,
    };
    ports.directory().open_session(account.id, opening).await?;
    ports.spaces().found(account.id, device_id, fresh.session, &account.time_zone).await?;
    let (session, csrf) = (fresh.session, asked.csrf);
    admit(ports, fresh.now_ms, Admitted { account, device: device_id, session, csrf, refresh: &refresh })
}

async fn proven<P: Ports>(
    ports: &P,
    credentials: Option<Credentials>,
    password: Secret,
) -> Result<Credentials, Failure> {
    let stored = credentials.as_ref().map(|credentials| credentials.password_hash.clone());
    let same = ports.password_hash().verify(password, stored).await?;
    match credentials {
        Some(credentials) if same => Ok(credentials),
        _ => Err(Refusal::CredentialsInvalid.into()),
    }
}
