//! The ports that signing in needs, together.

use super::directory::Directory;
use super::password_hash::PasswordHash;
use super::spaces::Spaces;
use super::time_zones::TimeZones;
use super::token_issuer::TokenIssuer;

/// Everything outside that the use cases of this room touch.
pub trait Ports {
    /// Where accounts are kept.
    type Directory: Directory;
    /// What hashes passwords.
    type PasswordHash: PasswordHash;
    /// What signs access tokens.
    type TokenIssuer: TokenIssuer;
    /// What founds spaces.
    type Spaces: Spaces;
    /// What knows time zones.
    type TimeZones: TimeZones;

    /// Where accounts are kept.
    fn directory(&self) -> &Self::Directory;
    /// What hashes passwords.
    fn password_hash(&self) -> &Self::PasswordHash;
    /// What signs access tokens.
    fn token_issuer(&self) -> &Self::TokenIssuer;
    /// What founds spaces.
    fn spaces(&self) -> &Self::Spaces;
    /// What knows time zones.
    fn time_zones(&self) -> &Self::TimeZones;
}
