//! Mail on its way out: the settings it needs, the worker that takes letters from the outbox and writes them, and the
//! two ways they leave by, a mail server or a folder.
//!
//! A request only ever adds a row; everything slow about mail happens here, on a task of its own. A mail leaves at least
//! once: it is sent before its row goes, so a crash between the two sends it again.

mod folder;
mod message;
mod outbox;
mod retry;
mod settings;
mod smtp;
mod smtp_url;
mod transport;

pub use outbox::Outbox;
pub use settings::{MailSettingError, MailSettings};
pub(crate) use smtp_url::percent_decoded;
