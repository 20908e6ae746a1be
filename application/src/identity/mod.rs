//! Who someone is: accounts, the devices they sign in from, sessions, and the tokens that stand for them.
//!
//! These are plain rows, not events: they are secret, hot and expire. One file per use case
//! ([`register()`], [`login()`], [`refresh()`], [`me()`]), one per port. Time, ids and chance come in as values
//! ([`Fresh`]); no use case knows SQL or HTTP.

mod account;
mod device;
mod directory;
mod email;
mod end_sessions;
mod ending;
mod failure;
mod fresh;
mod key_signature;
mod letter;
pub mod limits;
mod list_sessions;
mod live_sessions;
mod login;
mod me;
mod nonce;
mod password_hash;
mod place;
mod policy;
mod ports;
mod refresh;
mod refresh_signature;
mod refresh_token;
mod refresh_tokens;
mod register;
mod secret;
mod security_log;
mod sessions;
mod signed_in;
mod spaces;
mod token_issuer;

pub use account::{Account, Role};
pub use device::{Device, DeviceClaim, Platform};
pub use directory::{Credentials, Directory, Registered, Registration, SessionOpening};
pub use email::Email;
pub use end_sessions::{end_other_sessions, end_session, sign_out};
pub use ending::{Ending, Which};
pub use failure::{Failure, FieldRefusal, Refusal};
pub use fresh::Fresh;
pub use key_signature::KeySignature;
pub use letter::{Letter, LetterKind};
pub use list_sessions::list_sessions;
pub use live_sessions::LiveSessions;
pub use login::{Login, login};
pub use me::{Me, me};
pub use nonce::{Nonce, NonceDigest};
pub use password_hash::PasswordHash;
pub use place::Place;
pub use policy::Policy;
pub use ports::Ports;
pub use refresh::{Refresh, refresh};
pub use refresh_signature::{RefreshProof, Unsigned};
pub use refresh_token::{IssuedRefresh, RefreshDigest, RefreshToken, SuccessorSalt};
pub use refresh_tokens::{Holder, IssuedNonce, RefreshTokens, Rotation};
pub use register::{Register, register};
pub use secret::Secret;
pub use security_log::{Act, Actor, Entry, SecurityLog};
pub use sessions::{LivingSession, Sessions};
pub use signed_in::SignedIn;
pub use spaces::Spaces;
pub use token_issuer::{AccessClaims, TokenIssuer};
