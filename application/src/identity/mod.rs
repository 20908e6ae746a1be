//! Who someone is: accounts, the devices they sign in from, sessions, and the tokens that stand for them.
//!
//! These are plain rows, not events: they are secret, hot and expire. One file per use case
//! ([`register()`], [`login()`], [`refresh()`], [`me()`]), one per port. Time, ids and chance come in as values
//! ([`Fresh`]); no use case knows SQL or HTTP.

mod access_log;
mod account;
mod asker;
mod change_device;
mod device;
mod device_key;
mod device_limit;
mod devices;
mod directory;
mod email;
mod failure;
mod fresh;
mod letter;
pub mod limits;
mod live_sessions;
mod login;
mod me;
mod occasion;
mod password_hash;
mod password_proof;
mod place;
mod policy;
mod ports;
mod put_device;
mod refresh;
mod refresh_token;
mod register;
mod remove_device;
mod secret;
mod security_log;
mod see_devices;
mod signed_in;
mod spaces;
mod token_issuer;

pub use access_log::{AccessLog, AccessPage, LoggedBy, LoggedEntry, access_log};
pub use account::{Account, Role};
pub use asker::Asker;
pub use change_device::{ChangeDevice, change_device};
pub use device::{Device, DeviceClaim, Platform};
pub use device_key::{DeviceKey, KeyAsked, KeyChange, KeyWish, PasswordMissing, key_change};
pub use device_limit::{KnownDevice, Room, room};
pub use devices::{Changed, DeviceChange, Devices, Put, ShownDevice, Synced};
pub use directory::{Credentials, Directory, Opened, Registered, Registration, Rotated, Rotation, SessionOpening};
pub use email::Email;
pub use failure::{Failure, FieldRefusal, Refusal};
pub use fresh::Fresh;
pub use letter::{Letter, LetterKind};
pub use live_sessions::LiveSessions;
pub use login::{Login, login};
pub use me::{Me, me};
pub use occasion::Occasion;
pub use password_hash::PasswordHash;
pub use place::Place;
pub use policy::Policy;
pub use ports::Ports;
pub use put_device::{PutDevice, put_device};
pub use refresh::refresh;
pub use refresh_token::{IssuedRefresh, RefreshDigest, RefreshToken};
pub use register::{Register, register};
pub use remove_device::remove_device;
pub use secret::Secret;
pub use security_log::{Act, Actor, Entry, SecurityLog};
pub use see_devices::{device, devices};
pub use signed_in::SignedIn;
pub use spaces::Spaces;
pub use token_issuer::{AccessClaims, TokenIssuer};
