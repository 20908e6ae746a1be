//! Who someone is: accounts, the devices they sign in from, sessions, and the tokens that stand for them.
//!
//! These are plain rows, not events: they are secret, hot and expire. One file per use case
//! ([`register()`], [`login()`], [`refresh()`], [`me()`]), one per port. Time, ids and chance come in as values
//! ([`Fresh`]); no use case knows SQL or HTTP.

mod account;
mod device;
mod directory;
mod email;
mod failure;
mod fresh;
pub mod limits;
mod login;
mod me;
mod password_hash;
mod ports;
mod refresh;
mod refresh_token;
mod register;
mod secret;
mod signed_in;
mod spaces;
mod time_zones;
mod token_issuer;

pub use account::{Account, Role};
pub use device::{Device, DeviceClaim, Platform};
pub use directory::{Credentials, Directory, Registered, Registration, Rotated, Rotation, SessionOpening};
pub use email::Email;
pub use failure::{Failure, FieldRefusal, Refusal};
pub use fresh::Fresh;
pub use login::{Login, login};
pub use me::{Me, me};
pub use password_hash::PasswordHash;
pub use ports::Ports;
pub use refresh::refresh;
pub use refresh_token::{IssuedRefresh, RefreshDigest, RefreshToken};
pub use register::{Register, register};
pub use secret::Secret;
pub use signed_in::SignedIn;
pub use spaces::Spaces;
pub use time_zones::TimeZones;
pub use token_issuer::{AccessClaims, TokenIssuer};
