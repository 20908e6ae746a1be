//! Who the caller is.

use domain::id::{AccountId, DeviceId, SessionId};

use super::account::Account;
use super::directory::Directory;
use super::failure::{Failure, Refusal};
use super::ports::Ports;
use crate::identity::sign_in::addresses::Addresses;

/// The caller, as the directory knows them now.
pub struct Me {
    /// Who.
    pub account: Account,
    /// Whether the address is proven.
    pub email_verified: bool,
    /// From which device.
    pub device: DeviceId,
    /// In which session.
    pub session: SessionId,
}

/// Looks the caller up; refused when the account has gone since the token was signed.
pub async fn me<P: Ports>(ports: &P, account: AccountId, device: DeviceId, session: SessionId) -> Result<Me, Failure> {
    let account = ports.directory().account(account).await?.ok_or(Refusal::AccountGone)?;
    let email_verified = ports.directory().is_verified(account.id).await?;
    Ok(Me { account, email_verified, device, session })
}
