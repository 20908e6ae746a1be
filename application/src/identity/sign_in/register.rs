//! A new account, signed in at once.

use domain::rules::day::is_time_zone;
use serde_json::json;

use crate::identity::account::{Account, Role};
use crate::identity::device::claim::{Device, DeviceClaim};
use crate::identity::directory::{Directory, Registered, Registration, SessionOpening};
use crate::identity::email::Email;
use crate::identity::failure::{Failure, FieldRefusal, Refusal};
use crate::identity::fresh::Fresh;
use crate::identity::letter::{Letter, LetterKind};
use crate::identity::limits::{PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN};
use crate::identity::password_hash::PasswordHash;
use crate::identity::person_names::{NamesAsked, PersonNames};
use crate::identity::policy::Policy;
use crate::identity::ports::Ports;
use crate::identity::secret::Secret;
use crate::identity::session::refresh_token;
use crate::identity::sign_in::csrf::CsrfDigest;
use crate::identity::sign_in::signed_in::{Admitted, SignedIn, admit};
use crate::identity::spaces::Spaces;

/// What a registration asks for.
pub struct Register {
    /// The address, unchecked.
    pub email: String,
    /// The password, unchecked.
    pub password: Secret,
    /// An IANA time zone; the server's default when absent.
    pub time_zone: Option<String>,
    /// The device; a new one when absent.
    pub device: Option<DeviceClaim>,
    /// What the client is, of one that keeps no id for its device; see [`Login::client`](super::login::Login::client).
    pub client: Option<String>,
    /// What the person is called.
    pub names: NamesAsked,
    /// What a browser's requests will be checked with; none for an app.
    pub csrf: Option<CsrfDigest>,
}

/// Makes the account, its first device and session, founds its space, and signs it in.
///
/// A crash after the account and before the space leaves an account whose next login founds the space.
pub async fn register<P: Ports>(ports: &P, asked: Register, fresh: Fresh) -> Result<SignedIn, Failure> {
    let csrf = asked.csrf;
    let checked = check(ports.policy(), asked, &fresh)?;
    let (refresh, issued) = refresh_token::issue(&fresh);
    let device_id = checked.device.id;
    let account = Account {
        id: fresh.account,
        email: checked.email.as_str().to_owned(),
        role: Role::User,
        time_zone: checked.time_zone,
        erase_after: None,
    };
    let registration = Registration {
        account: account.id,
        email: checked.email,
        password_hash: ports.password_hash().hash(checked.password).await?,
        role: account.role,
        time_zone: account.time_zone.clone(),
        names: checked.names,
        letter: Letter { account: account.id, kind: LetterKind::EmailVerification, about: json!({}), at: fresh.now_ms },
        opening: SessionOpening {
            device: checked.device,
            names_device: true,
            session: fresh.session,
            refresh: issued,
            csrf,
            now_ms: fresh.now_ms,
            place: fresh.place,
        },
    };
    if ports.directory().register(registration).await? == Registered::EmailTaken {
        return Err(Refusal::EmailTaken.into());
    }
    ports.spaces().found(account.id, device_id, fresh.session, &account.time_zone).await?;
    let session = fresh.session;
    admit(ports, fresh.now_ms, Admitted { account, device: device_id, session, csrf, refresh: &refresh })
}

pub(in crate::identity) struct Checked {
    pub(in crate::identity) email: Email,
    pub(in crate::identity) password: Secret,
    pub(in crate::identity) time_zone: String,
    pub(in crate::identity) names: PersonNames,
    device: Device,
}

/// What can be told without asking anybody.
pub(in crate::identity) fn check(policy: &Policy, asked: Register, fresh: &Fresh) -> Result<Checked, Refusal> {
    let mut refused = Vec::new();
    let email = Email::parse(&asked.email);
    if email.is_none() {
        refused.push(FieldRefusal::Email);
    }
    refused.extend(refused_password(asked.password.reveal()));
    let time_zone = asked.time_zone.unwrap_or_else(|| policy.default_time_zone.clone());
    if !is_time_zone(&time_zone) {
        refused.push(FieldRefusal::TimeZone);
    }
    let names = asked.names.checked(&mut refused);
    let device = Device::claimed(asked.device, fresh.device, &mut refused).on(fresh.account, asked.client.as_deref());
    match email {
        Some(email) if refused.is_empty() => Ok(Checked { email, password: asked.password, time_zone, names, device }),
        _ => Err(Refusal::Fields(refused)),
    }
}

/// What is wrong with a password, if anything.
pub(in crate::identity) fn refused_password(password: &str) -> Option<FieldRefusal> {
    if password.len() > PASSWORD_BYTES_MAX {
        Some(FieldRefusal::PasswordLong)
    } else if password.chars().count() < PASSWORD_CHARS_MIN {
        Some(FieldRefusal::PasswordShort)
    } else {
        None
    }
}
