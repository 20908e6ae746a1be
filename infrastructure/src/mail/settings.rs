//! What the settings say about mail, understood or refused before anything is served.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

use lettre::message::Mailbox;
use thiserror::Error;

use super::smtp_url::SmtpServer;
use crate::config::Serving;

/// Bytes of the public URL: a link of a mail stands on one line, and lines of mail end at 998.
const PUBLIC_URL_BYTES_MAX: usize = 512;

/// Why mail cannot leave. No message repeats a setting that may hold a password.
#[derive(Debug, Error)]
pub enum MailSettingError {
    /// The mail server's URL.
    #[error("LEVELUP_SMTP_URL cannot be used: {0}")]
    SmtpUrl(&'static str),
    /// The sender.
    #[error("LEVELUP_MAIL_FROM is `{0}`, which is no address that mail could come from")]
    From(String),
    /// What mails link to.
    #[error("LEVELUP_PUBLIC_URL is `{0}`, which mails cannot link to")]
    PublicUrl(String),
    /// The folder.
    #[error("the folder for mail, {path}, could not be made: {reason}")]
    Folder {
        /// Which.
        path: String,
        /// What the system said.
        reason: std::io::Error,
    },
}

impl MailSettingError {
    /// What the operator can do.
    pub const fn next_step(&self) -> &'static str {
        match self {
            Self::SmtpUrl(_) => {
                "Write it like smtp://user:password@mail.example.org:587 or smtps://…:465, with %40 for an @ in the password."
            }
            Self::From(_) => "Write it like `Level Up <levelup@example.org>`.",
            Self::PublicUrl(_) => "Write it like https://levelup.example.org, without a query.",
            Self::Folder { .. } => "Set LEVELUP_MAIL_DIR to a directory that this account may write.",
        }
    }
}

/// What mail needs to know.
pub struct MailSettings {
    /// The sender of every mail.
    pub(super) from: Mailbox,
    /// What links begin with; no slash at the end.
    pub(super) public_url: String,
    /// How mail leaves.
    pub(super) way: Way,
}

/// How mail leaves.
pub(super) enum Way {
    /// Through a mail server.
    Server(SmtpServer),
    /// Into a folder, which is there.
    Folder(PathBuf),
}

impl MailSettings {
    /// Understands the settings, and makes the folder if mail goes to one. Nothing is connected to.
    ///
    /// # Errors
    /// One of the settings cannot be used.
    pub fn of(serving: &Serving) -> Result<Self, MailSettingError> {
        let from = &serving.mail.mail_from;
        let refused = || MailSettingError::From(from.escape_debug().to_string());
        if from.contains(char::is_control) {
            return Err(refused());
        }
        let from: Mailbox = from.parse().map_err(|_| refused())?;
        let public_url = public_url(&serving.http.public_url)?;
        let way = match serving.mail.smtp_url.get() {
            Some(url) => Way::Server(SmtpServer::parse(url).map_err(MailSettingError::SmtpUrl)?),
            None => Way::Folder(folder(serving)?),
        };
        Ok(Self { from, public_url, way })
    }
}

fn public_url(text: &str) -> Result<String, MailSettingError> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    let host = rest.split('/').next().unwrap_or_default();
    let breaks = |c: char| c.is_whitespace() || c.is_control() || "?#<>\"".contains(c);
    if host.is_empty() || text.len() > PUBLIC_URL_BYTES_MAX || text.contains(breaks) {
        return Err(MailSettingError::PublicUrl(text.escape_debug().to_string()));
    }
    Ok(text.trim_end_matches('/').to_owned())
}

/// Mails hold tokens: only the server's own account may look into the folder.
fn folder(serving: &Serving) -> Result<PathBuf, MailSettingError> {
    let path = serving.mail.mail_dir.clone().unwrap_or_else(|| serving.settings.data_dir.join("mail"));
    match DirBuilder::new().recursive(true).mode(0o700).create(&path) {
        Ok(()) => Ok(path),
        Err(reason) => Err(MailSettingError::Folder { path: path.display().to_string(), reason }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Http, Mail};

    fn refused(mail: Mail, public_url: &str) -> String {
        let http = Http { public_url: public_url.to_owned(), ..Http::default() };
        let serving = Serving { mail, http, ..Serving::default() };
        match MailSettings::of(&serving) {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        }
    }

    fn mail(smtp_url: &str, from: &str) -> Mail {
        let smtp_url = smtp_url.to_owned().into();
        Mail { smtp_url, mail_from: from.to_owned(), mail_dir: None }
    }

    const URL: &str = "smtp://me:secret@mail.example:587";

    #[test]
    fn what_can_be_used_is_used() {
        for from in ["levelup@example.org", "Level Up <levelup@localhost>", "\"Ada, L.\" <ada@example.org>"] {
            assert_eq!(refused(mail(URL, from), "https://levelup.example/"), "");
        }
    }

    #[test]
    fn each_mistake_is_named_and_no_password_is_shown() {
        let from = "levelup@localhost";
        assert!(refused(mail("http://me:secret@x", from), "http://x").starts_with("LEVELUP_SMTP_URL cannot be used"));
        assert!(!refused(mail("http://me:secret@x", from), "http://x").contains("secret"));
        for bad in ["", "nobody", "a@b\r\nBcc: c@d", "\"x\r\n y\" <a@b>", "<>"] {
            assert!(refused(mail(URL, bad), "http://x").starts_with("LEVELUP_MAIL_FROM"), "{bad}");
        }
        for bad in [
            "",
            "levelup.example",
            "https://",
            "https:///x",
            "https://x y",
            "https://x\r\nBcc: y",
            "https://x?a=b",
            "ftp://x",
        ] {
            assert!(refused(mail(URL, from), bad).starts_with("LEVELUP_PUBLIC_URL"), "{bad}");
        }
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let mail = Mail { mail_dir: Some("/dev/null/mail".into()), ..Mail::default() };
        assert!(refused(mail, "http://x").contains("/dev/null/mail"));
    }
}
