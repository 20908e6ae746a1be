//! The ports that signing in needs, together.

use super::access_log::AccessLog;
use super::admin::Administration;
use super::directory::Directory;
use super::password_hash::PasswordHash;
use super::policy::Policy;
use super::security_log::SecurityLog;
use super::spaces::Spaces;
use super::token_issuer::TokenIssuer;
use crate::identity::device::devices::Devices;
use crate::identity::life::account_life::AccountLife;
use crate::identity::password::recovery::Recovery;
use crate::identity::session::key_signature::KeySignature;
use crate::identity::session::live_sessions::LiveSessions;
use crate::identity::session::refresh_tokens::RefreshTokens;
use crate::identity::session::sessions::Sessions;
use crate::identity::sign_in::addresses::Addresses;

/// Everything outside that the use cases of this room touch.
pub trait Ports {
    /// Where accounts are kept.
    type Directory: Directory
        + SecurityLog
        + AccessLog
        + AccountLife
        + Addresses
        + Administration
        + Devices
        + Recovery
        + RefreshTokens
        + Sessions;
    /// What checks signatures of devices.
    type KeySignature: KeySignature;
    /// What hashes passwords.
    type PasswordHash: PasswordHash;
    /// What signs access tokens.
    type TokenIssuer: TokenIssuer;
    /// What founds spaces.
    type Spaces: Spaces;
    /// What knows of ended sessions.
    type LiveSessions: LiveSessions;

    /// Where accounts are kept.
    fn directory(&self) -> &Self::Directory;
    /// What checks signatures of devices.
    fn key_signature(&self) -> &Self::KeySignature;
    /// What hashes passwords.
    fn password_hash(&self) -> &Self::PasswordHash;
    /// What signs access tokens.
    fn token_issuer(&self) -> &Self::TokenIssuer;
    /// What founds spaces.
    fn spaces(&self) -> &Self::Spaces;
    /// What knows of ended sessions.
    fn live_sessions(&self) -> &Self::LiveSessions;
    /// What the operator decided.
    fn policy(&self) -> &Policy;
}
