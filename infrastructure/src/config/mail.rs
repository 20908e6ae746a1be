//! How mail leaves.

use std::path::PathBuf;

use clap::Args;

use super::SecretUrl;

/// What the sender of mail is told.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Settings")]
pub struct Mail {
    /// Mail server, smtp://user:password@host:587 (STARTTLS) or smtps://…:465; without it mail is written to a folder
    #[arg(
        long,
        env = "LEVELUP_SMTP_URL",
        value_name = "URL",
        hide_env_values = true,
        default_value = "",
        hide_default_value = true
    )]
    pub smtp_url: SecretUrl,

    /// Sender of every mail
    #[arg(long, env = "LEVELUP_MAIL_FROM", value_name = "ADDRESS", default_value = MAIL_FROM_DEFAULT)]
    pub mail_from: String,

    /// Folder that mail is written to when there is no mail server; `mail` in the data directory when not set
    #[arg(long, env = "LEVELUP_MAIL_DIR", value_name = "DIR")]
    pub mail_dir: Option<PathBuf>,
}

const MAIL_FROM_DEFAULT: &str = "Level Up <levelup@localhost>";

impl Default for Mail {
    fn default() -> Self {
        Self { smtp_url: SecretUrl::default(), mail_from: MAIL_FROM_DEFAULT.to_owned(), mail_dir: None }
    }
}
