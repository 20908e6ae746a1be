//! `levelup follow`: prints an account's changes as they come, from the state as it is or from the log's beginning.

mod devices;
mod line;

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use infrastructure::clock::now_ms;

use crate::client::canonical::canonical;
use crate::client::checksum::to_hex;
use crate::client::wire::ChangesPage;
use crate::client::{Applied, ClientError, Device, Heard, Live, Mended, Mender, Replica, Session, feed};

use super::error::{CliError, Exit};
use super::sign_in::{PasswordArgs, ServerArgs, sign_in};
use super::terminal::paint::Paint;
use devices::Devices;

/// Print an account's changes as they come
#[derive(clap::Args)]
pub struct FollowArgs {
    /// The e-mail address to sign in with
    #[arg(long)]
    email: String,
    #[command(flatten)]
    password: PasswordArgs,
    #[command(flatten)]
    server: ServerArgs,
    /// Begin with the first change ever made
    #[arg(long, conflicts_with = "snapshot")]
    from_start: bool,
    /// Begin with the state as it is (the default): only what comes later is printed
    #[arg(long)]
    snapshot: bool,
    /// Print changes as JSON, one a line
    #[arg(long)]
    json: bool,
    /// Let the server compress what it says (zstd)
    #[arg(long)]
    compress: bool,
    /// Stop when this position of the log has been read
    #[arg(long, value_name = "N")]
    until_position: Option<i64>,
    /// Write the live entities to this file at the end, as JSON that compares byte by byte
    #[arg(long, value_name = "FILE")]
    replica: Option<PathBuf>,
}

/// Runs `levelup follow`.
pub async fn run(args: FollowArgs) -> Result<(), CliError> {
    let server = args.server.server()?;
    let credentials = args.password.credentials(&args.email)?;
    // Always the same device: a new one at every run would soon use up the account's devices.
    let device = Device::named(&credentials.email, "levelup follow");
    let session = sign_in(&server, &credentials, &device, false).await?;
    let mut follower = Follower::begin(session, &args).await?;
    let outcome = tokio::select! {
        outcome = follower.follow() => outcome,
        _ = tokio::signal::ctrl_c() => Ok(()),
    };
    follower.end(&args)?;
    Ok(outcome?)
}

struct Follower {
    session: Arc<Session>,
    live: Live,
    replica: Replica,
    mender: Mender,
    devices: Devices,
    paint: Paint,
    json: bool,
    from_start: bool,
    until: Option<i64>,
    reader_gone: bool,
}

impl Follower {
    async fn begin(session: Arc<Session>, args: &FollowArgs) -> Result<Self, CliError> {
        let replica = if args.from_start { Replica::default() } else { feed::snapshot(&session).await? };
        if !args.from_start {
            let count = replica.live().count();
            eprintln!("Following {} from position {}: {count} live entities.", args.email, replica.position());
        }
        Ok(Self {
            live: Live::from(Arc::clone(&session), replica.cursor().map(str::to_owned))
                .reading_all(args.from_start)
                .compressed(args.compress),
            session,
            replica,
            mender: Mender::default(),
            devices: Devices::default(),
            paint: Paint::for_stdout(),
            json: args.json,
            from_start: args.from_start,
            until: args.until_position,
            reader_gone: false,
        })
    }

    async fn follow(&mut self) -> Result<(), ClientError> {
        while !self.reader_gone && self.until.is_none_or(|until| self.replica.position() < until) {
            match self.live.next().await? {
                Heard::Changes(page) => self.take(&page).await?,
                Heard::Reset(reset) => self.begin_again(&reset.reason).await?,
                Heard::Lost { why, retry_in } => {
                    eprintln!("Connection lost: {why} Trying again in {:.1} s.", retry_in.as_secs_f64());
                }
                Heard::Connected { again: true } => {
                    eprintln!("Connected again, going on after position {}.", self.replica.position());
                }
                Heard::Notice(notice) => eprintln!("The server notes: {}", canonical(&notice)),
                Heard::Refused(problem) => eprintln!("The server says: {problem}"),
                Heard::Connected { again: false } | Heard::Receipts { .. } => {}
            }
        }
        Ok(())
    }

    async fn take(&mut self, page: &ChangesPage) -> Result<(), ClientError> {
        let (applied, mended) = self.mender.apply(&self.session, &mut self.replica, page).await?;
        for applied in applied {
            self.print(&applied).await;
        }
        match mended {
            None | Some(Mended::Agreed | Mended::Behind) => {}
            Some(Mended::Entities(count)) => eprintln!("The replica differed. Fetched again, and now equal: {count}."),
            Some(Mended::StartedAgain) => {
                eprintln!("The replica differed. It was read anew, up to position {}.", self.replica.position());
                self.live.cut();
                self.live.resume(self.replica.cursor().map(str::to_owned)).await;
            }
        }
        Ok(())
    }

    async fn print(&mut self, applied: &Applied) {
        let text = if self.json {
            // A change is plain data: it cannot fail to become JSON.
            serde_json::to_value(&applied.change).map(|change| canonical(&change)).unwrap_or_default()
        } else {
            let device = self.devices.name(&self.session, applied.change.device_id).await;
            line::line(applied, &device, now_ms(), self.paint)
        };
        // A pipe whose reader has gone, such as `head`, is an end and not a failure.
        self.reader_gone |= writeln!(std::io::stdout(), "{text}").is_err();
    }

    /// The log is not the one that was read so far: what was known of it is worth nothing.
    async fn begin_again(&mut self, reason: &str) -> Result<(), ClientError> {
        eprintln!("The server asks to begin again ({reason}).");
        self.replica = if self.from_start { Replica::default() } else { feed::snapshot(&self.session).await? };
        self.live.resume(self.replica.cursor().map(str::to_owned)).await;
        Ok(())
    }

    fn end(&self, args: &FollowArgs) -> Result<(), CliError> {
        let (position, sum) = (self.replica.position(), to_hex(self.replica.checksum()));
        eprintln!("At position {position} of {}, checksum {sum}.", self.replica.head());
        let Some(path) = &args.replica else { return Ok(()) };
        std::fs::write(path, self.replica.document() + "\n").map_err(|error| {
            CliError::new(
                Exit::Failed,
                format!("The replica cannot be written to {}: {error}.", path.display()),
                "Name another file with --replica.",
            )
        })
    }
}
