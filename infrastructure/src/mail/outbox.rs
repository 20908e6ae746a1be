//! The worker that empties the outbox: takes letters for a while, writes them, sends them, and forgets them.
//!
//! It looks into the outbox twice a second instead of being woken. A look costs one descent of an index; being woken
//! would have to be remembered by everybody who posts a letter, after the commit and not before, and would still not
//! tell of letters that other nodes posted and could not send. Any number of nodes may look: a letter is leased to one.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use application::fault::Fault;
use application::identity::mail_text::{self, Matter};
use application::identity::{LetterKind, MailToken, Purpose, Secret};
use deadpool_postgres::Pool;
use futures_util::FutureExt;
use futures_util::future::join_all;
use metrics::{counter, gauge};
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

use super::message::Outgoing;
use super::retry;
use super::settings::{MailSettingError, MailSettings};
use super::smtp::SEND_MS_MAX;
use super::transport::{SendError, Transport};
use crate::clock;
use crate::config::Serving;
use crate::metric_names::{MAILS_TOTAL, WAITING_MAILS};
use crate::postgres::directory::mail_token;
use crate::postgres::directory::outbox::{self, Leased};

/// How often the outbox is looked into.
const POLL_MS: u64 = 500;
/// How many looks lie between two counts of what waits.
const LOOKS_PER_COUNT: u32 = 20;
/// Mails that are sent at once.
const AT_ONCE_MAX: usize = 8;
/// How long a mail is this node's: longer than an attempt can take.
const LEASE_MS: i64 = 4 * SEND_MS_MAX.cast_signed();
/// How long what is being sent may take when the server stops.
const STOP_MS_MAX: u64 = 5_000;

/// The worker.
pub struct Outbox {
    pool: Pool,
    transport: Transport,
    public_url: String,
}

impl Outbox {
    /// Understands the settings; sends nothing yet.
    ///
    /// # Errors
    /// One of the settings cannot be used.
    pub fn open(serving: &Serving, pool: Pool) -> Result<Self, MailSettingError> {
        let (transport, public_url) = MailSettings::of(serving)?.transport()?;
        Ok(Self { pool, transport, public_url })
    }

    /// Sends what is due, again and again, until `stop`; then ends what is being sent or hands it back.
    pub async fn run(self, stop: CancellationToken) {
        let mut ticks = interval(Duration::from_millis(POLL_MS));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut looks = 0_u32;
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            if looks.is_multiple_of(LOOKS_PER_COUNT) {
                self.count().await;
            }
            looks = looks.wrapping_add(1);
            // As many as can be taken at once: there may be more.
            while !stop.is_cancelled() && self.round(&stop).await == AT_ONCE_MAX {}
        }
    }

    /// Sends what is due, at most [`AT_ONCE_MAX`]; how many were tried.
    async fn round(&self, stop: &CancellationToken) -> usize {
        let now = clock::now_ms();
        let leased = match outbox::lease(&self.pool, now, now + LEASE_MS, AT_ONCE_MAX as i64).await {
            Ok(leased) => leased,
            // Requests that find the database away say so.
            Err(fault) => {
                tracing::debug!(error.cause = %fault, "the outbox could not be looked into");
                return 0;
            }
        };
        let mut sending = Box::pin(join_all(leased.iter().map(|mail| self.deliver_or_survive(mail))));
        tokio::select! {
            biased;
            _ = &mut sending => {}
            () = stop.cancelled() => {
                if timeout(Duration::from_millis(STOP_MS_MAX), sending).await.is_err() {
                    self.hand_back(&leased).await;
                }
            }
        }
        leased.len()
    }

    /// A mail that this program stumbles over is put off like any other, and holds up none.
    async fn deliver_or_survive(&self, mail: &Leased) {
        if AssertUnwindSafe(self.deliver(mail)).catch_unwind().await.is_err() {
            let kind = mail.kind.map_or("unknown", LetterKind::as_str);
            self.put_off(mail, kind, "this program panicked over it").await.ok();
        }
    }

    /// Sends one mail; what becomes of its row follows.
    #[tracing::instrument(level = "debug", name = "job", skip_all, fields(job.name = "mail", mail.id = %mail.mail))]
    async fn deliver(&self, mail: &Leased) {
        let kind = mail.kind.map_or("unknown", LetterKind::as_str);
        let settled = match self.send(mail).await {
            Ok(sent) => {
                let outcome = if sent { "sent" } else { "needless" };
                counter!(MAILS_TOTAL, "outcome" => outcome).increment(1);
                tracing::debug!(mail.id = %mail.mail, mail.kind = kind, mail.outcome = outcome, "a mail is done with");
                outbox::drop_mail(&self.pool, mail.mail).await
            }
            Err(SendError::Later(why)) => self.put_off(mail, kind, &why).await,
            Err(SendError::Never(why)) => {
                counter!(MAILS_TOTAL, "outcome" => "dropped").increment(1);
                tracing::error!(mail.id = %mail.mail, mail.kind = kind, account.id = %mail.account, error.cause = why,
                    "a mail can never be sent; it was dropped");
                outbox::drop_mail(&self.pool, mail.mail).await
            }
        };
        if let Err(fault) = settled {
            tracing::warn!(mail.id = %mail.mail, error.cause = %fault,
                "what became of a mail could not be noted; it may be sent once more");
        }
    }

    async fn put_off(&self, mail: &Leased, kind: &str, why: &str) -> Result<(), Fault> {
        if let Some(due_at) = retry::next(mail.attempts, mail.created_at, clock::now_ms()) {
            counter!(MAILS_TOTAL, "outcome" => "failed").increment(1);
            tracing::warn!(mail.id = %mail.mail, mail.kind = kind, mail.attempts = mail.attempts, error.cause = why,
                "a mail could not be sent; it is tried again");
            return outbox::put_off(&self.pool, mail.mail, mail.attempts, due_at).await;
        }
        counter!(MAILS_TOTAL, "outcome" => "dropped").increment(1);
        tracing::error!(mail.id = %mail.mail, mail.kind = kind, account.id = %mail.account, mail.attempts = mail.attempts,
            error.cause = why, "a mail could not be sent for a day; it was dropped");
        outbox::drop_mail(&self.pool, mail.mail).await
    }

    /// Whether it was sent; `false` when there is no need any more.
    async fn send(&self, mail: &Leased) -> Result<bool, SendError> {
        let kind = mail.kind.ok_or_else(|| SendError::Later("this program does not know its kind".to_owned()))?;
        if kind == LetterKind::EmailVerification && mail.verified {
            // There is nothing left to prove.
            return Ok(false);
        }
        let code = match kind.purpose() {
            Some(purpose) => match self.draw(mail, purpose).await? {
                // Taken back since it was leased: the password was changed, or the account is going.
                None => return Ok(false),
                code => code,
            },
            None => None,
        };
        let matter = Matter {
            kind,
            about: &mail.about,
            at: mail.created_at,
            time_zone: &mail.time_zone,
            public_url: &self.public_url,
            code: code.as_ref(),
        };
        let outgoing = Outgoing { mail: mail.mail, attempt: mail.attempts, to: &mail.email, now_ms: clock::now_ms() };
        self.transport.send(&outgoing, mail_text::write(&matter)).await.map(|()| true)
    }

    /// A new token, of which the directory has the digest before anybody can have the token; `None` when the mail was taken
    /// back.
    async fn draw(&self, mail: &Leased, purpose: Purpose) -> Result<Option<Secret>, SendError> {
        let token = MailToken::of(clock::random_bytes());
        let whose = (mail.mail, mail.account);
        let kept = mail_token::keep(&self.pool, token.digest(), whose, purpose, clock::now_ms()).await;
        let kept = kept.map_err(|fault| SendError::Later(fault.to_string()))?;
        Ok(kept.then(|| token.text()))
    }

    /// What was not sent when the server stopped is due at once, here after a restart or on another node.
    async fn hand_back(&self, leased: &[Leased]) {
        let now = clock::now_ms();
        let handing = join_all(leased.iter().map(|mail| outbox::put_off(&self.pool, mail.mail, mail.attempts, now)));
        if timeout(Duration::from_millis(STOP_MS_MAX), handing).await.is_err() {
            tracing::debug!("mails could not be handed back; they are due when their lease has run out");
        }
    }

    async fn count(&self) {
        if let Ok(waiting) = outbox::waiting(&self.pool).await {
            gauge!(WAITING_MAILS).set(waiting as f64);
        }
    }
}
