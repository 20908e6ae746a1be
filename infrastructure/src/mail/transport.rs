//! The way out: a mail server, or a folder when there is none.

use std::path::PathBuf;

use application::identity::mail_text::MailText;
use lettre::message::Mailbox;
use thiserror::Error;

use super::folder;
use super::message::{Outgoing, compose};
use super::settings::{MailSettingError, MailSettings, Way};
use super::smtp::Smtp;

/// Why a mail did not leave. Neither names the recipient, nor repeats a server's words, which usually do.
#[derive(Debug, Error, PartialEq, Eq)]
pub(super) enum SendError {
    /// It may leave later.
    #[error("{0}")]
    Later(String),
    /// This mail will never leave.
    #[error("{0}")]
    Never(String),
}

/// What sends mail.
pub(super) struct Transport {
    from: Mailbox,
    means: Means,
}

enum Means {
    Smtp(Smtp),
    Folder(PathBuf),
}

impl Transport {
    /// What the settings say. Nothing is connected to before the first mail.
    pub(super) fn open(from: Mailbox, way: Way) -> Result<Self, MailSettingError> {
        let means = match way {
            Way::Server(server) => {
                tracing::info!(smtp.host = server.host, smtp.port = server.port, "mail goes through a mail server");
                Means::Smtp(Smtp::open(server).map_err(MailSettingError::SmtpUrl)?)
            }
            Way::Folder(dir) => {
                tracing::info!(mail.dir = %dir.display(), "there is no mail server; mail is written to a folder");
                Means::Folder(dir)
            }
        };
        Ok(Self { from, means })
    }

    /// Sends a mail. When this succeeds somebody else has it.
    pub(super) async fn send(&self, outgoing: &Outgoing<'_>, text: MailText) -> Result<(), SendError> {
        let message = compose(&self.from, outgoing, text)?;
        match &self.means {
            Means::Smtp(smtp) => smtp.send(&message).await,
            Means::Folder(dir) => folder::put(dir, outgoing, &message).await,
        }
    }
}

impl MailSettings {
    /// What sends mail, and what links in it begin with.
    pub(super) fn transport(self) -> Result<(Transport, String), MailSettingError> {
        Ok((Transport::open(self.from, self.way)?, self.public_url))
    }
}
