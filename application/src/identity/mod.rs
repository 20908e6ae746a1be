//! Who someone is: accounts, the devices they sign in from, sessions, and the tokens that stand for them.
//!
//! These are plain rows, not events: they are secret, hot and expire. One file per use case
//! ([`register()`], [`login()`], [`refresh()`], [`me()`]), one per port. Time, ids and chance come in as values
//! ([`Fresh`]); no use case knows SQL or HTTP.

mod account;
mod csrf;
mod device;
mod directory;
mod email;
mod failure;
mod fresh;
mod letter;
pub mod limits;
mod live_sessions;
mod login;
mod me;
mod password_hash;
mod place;
mod policy;
mod ports;
mod refresh;
mod refresh_token;
mod register;
mod secret;
mod security_log;
mod signed_in;
mod spaces;
mod token_issuer;

pub use account::{Account, Role};
pub use csrf::{Carrier, Carriers, CsrfDigest, CsrfSecret, check_csrf_of_refresh};
pub use device::{Device, DeviceClaim, Platform};
pub use directory::{Credentials, Directory, Registered, Registration, Rotated, Rotation, SessionOpening};
pub use email::Email;
pub use failure::{Failure, FieldRefusal, Refusal};
pub use fresh::Fresh;
pub use letter::{Letter, LetterKind};
pub use live_sessions::LiveSessions;
pub use login::{Login, login};
pub use me::{Me, me};
pub use password_hash::PasswordHash;
pub use place::Place;
pub use policy::Policy;
pub use ports::Ports;
pub use refresh::refresh;
pub use refresh_token::{IssuedRefresh, RefreshDigest, RefreshToken};
pub use register::{Register, register};
pub use secret::Secret;
pub use security_log::{Act, Actor, Entry, SecurityLog};
pub use signed_in::SignedIn;
pub use spaces::Spaces;
pub use token_issuer::{AccessClaims, TokenIssuer};
