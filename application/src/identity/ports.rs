//! The ports that signing in needs, together.

use super::csrf::Carriers;
use super::directory::Directory;
use super::live_sessions::LiveSessions;
use super::password_hash::PasswordHash;
use super::policy::Policy;
use super::security_log::SecurityLog;
use super::spaces::Spaces;
use super::token_issuer::TokenIssuer;

/// Everything outside that the use cases of this room touch.
pub trait Ports {
    /// Where accounts are kept.
    type Directory: Directory + SecurityLog + Carriers;
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
