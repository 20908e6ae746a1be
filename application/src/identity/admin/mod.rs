//! What support and admins do with accounts, over HTTP or from the server's own command line. Every act is logged where
//! the account it is about can read it.

mod change_role;
mod create;
mod end_sessions;
mod erase;
mod file;
mod list;
mod lock;
mod look;
mod port;

pub use change_role::change_role;
pub use create::{NewAccount, create};
pub use end_sessions::end_sessions;
pub use erase::{cancel_erasure, schedule_erasure};
pub use file::{AccountFile, DeviceFile, SessionFile};
pub use list::{AccountLine, Sought, Stand, list};
pub use lock::{lock, unlock};
pub use look::{look, look_at};
pub use port::{Administration, Done, Order, Whose};
