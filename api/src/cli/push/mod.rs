//! `levelup push`: sends the transactions of one labelled account out of a file, as that account, device by device and
//! in the file's order. It may be interrupted and run again.

mod batch;
mod file;
mod mark;
mod meter;
mod receipts;
mod send;
mod tally;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use crate::client::{Credentials, Device, Server, Session, feed};

use super::error::{CliError, Exit};
use super::sign_in::{PasswordArgs, ServerArgs, sign_in};
use file::Line;
use mark::Mark;
use meter::Meter;
use receipts::ReceiptFile;
use send::Push;

/// Send the transactions of a file as one account
#[derive(clap::Args)]
pub struct PushArgs {
    /// The file: one JSON object a line with account, device (optional), transaction_id and commands
    file: PathBuf,
    /// Whose lines: the label in the file's member `account`
    #[arg(long)]
    account: String,
    /// The e-mail address to sign in with, made an account if it is new [default: the label]
    #[arg(long)]
    email: Option<String>,
    #[command(flatten)]
    password: PasswordArgs,
    #[command(flatten)]
    server: ServerArgs,
    /// At most so many transactions in one request
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..=1000))]
    batch: u16,
    /// Write every receipt to this file, one a line, so that two pushes can be compared
    #[arg(long, value_name = "FILE")]
    receipts: Option<PathBuf>,
}

/// Runs `levelup push`.
pub async fn run(args: PushArgs) -> Result<(), CliError> {
    let lines = file::read(&args.file, &args.account)?;
    let email = args.email.as_deref().unwrap_or(&args.account);
    let credentials = args.password.credentials(email)?;
    let server = args.server.server()?;
    let sessions = sign_in_devices(&server, &credentials, &lines).await?;
    let (mut push, already) = prepare(&args, &lines, &sessions).await?;

    let started = Instant::now();
    let outcome = tokio::select! {
        outcome = push.send(usize::from(args.batch)) => outcome,
        _ = tokio::signal::ctrl_c() => Err(interrupted()),
    };
    push.meter.finish();
    let here = push.mark.tally.decided() - already;
    println!("{}", push.mark.tally.summary(here, started.elapsed()));
    outcome?;
    if let Some(path) = &push.mark_path {
        mark::remove(path);
    }
    if push.mark.tally.rejected == 0 { Ok(()) } else { Err(some_rejected(push.mark.tally.rejected)) }
}

/// One session for each device label of the account. The first one makes the account if it is new.
async fn sign_in_devices(
    server: &Server,
    credentials: &Credentials,
    lines: &[Line],
) -> Result<BTreeMap<Option<String>, Arc<Session>>, CliError> {
    let mut sessions = BTreeMap::new();
    for line in lines {
        if !sessions.contains_key(&line.device) {
            let name = line.device.as_deref().unwrap_or("push");
            let device = Device::named(&credentials.email, name);
            sessions.insert(line.device.clone(), sign_in(server, credentials, &device, true).await?);
        }
    }
    Ok(sessions)
}

/// The push as it begins, or as it goes on after an interruption, and how many transactions were decided before.
async fn prepare<'a>(
    args: &PushArgs,
    lines: &'a [Line],
    sessions: &'a BTreeMap<Option<String>, Arc<Session>>,
) -> Result<(Push<'a>, u64), CliError> {
    let Some(session) = sessions.values().next() else { return Err(interrupted()) };
    let digest = mark::lines_sha256(lines);
    let mark_path = mark::place(session.server().url(), session.account_id(), &digest);
    let begun = Mark {
        account_id: session.account_id(),
        lines_sha256: digest,
        done: 0,
        tally: tally::Tally::default(),
        written_to: 0,
        head_before: feed::changes(session, None, 1, 0).await?.head,
        receipts: args.receipts.clone().map(|path| (path, 0)),
    };
    let (mark, receipts) = resume(mark_path.as_deref(), begun, lines.len())?;
    if mark.done > 0 {
        eprintln!("Going on after an interruption: {} of {} are done.", mark.done, lines.len());
    }
    let meter = Meter::new(lines.len(), mark.done);
    let already = mark.tally.decided();
    Ok((Push { lines, sessions, mark, mark_path, receipts, meter }, already))
}

/// The mark of an interrupted run if it fits this one, receipts included; else the one given.
fn resume(path: Option<&Path>, begun: Mark, total: usize) -> Result<(Mark, Option<ReceiptFile>), CliError> {
    let fits = |mark: &Mark| {
        mark.account_id == begun.account_id
            && mark.lines_sha256 == begun.lines_sha256
            && mark.done <= total
            // A server that was restored from a backup has lost some of what it acknowledged.
            && mark.written_to <= begun.head_before
            && mark.receipts.as_ref().map(|(path, _)| path) == begun.receipts.as_ref().map(|(path, _)| path)
    };
    if let Some(mark) = path.and_then(mark::load).filter(fits) {
        match &mark.receipts {
            None => return Ok((mark, None)),
            Some((file, bytes)) => {
                if let Some(open) = ReceiptFile::reopen(file, *bytes).map_err(|error| unwritable(file, &error))? {
                    return Ok((mark, Some(open)));
                }
            }
        }
    }
    let receipts = match &begun.receipts {
        Some((file, _)) => Some(ReceiptFile::create(file).map_err(|error| unwritable(file, &error))?),
        None => None,
    };
    Ok((begun, receipts))
}

fn unwritable(path: &Path, error: &std::io::Error) -> CliError {
    CliError::new(
        Exit::Usage,
        format!("Receipts cannot be written to {}: {error}.", path.display()),
        "Name another file with --receipts.",
    )
}

fn interrupted() -> CliError {
    CliError::new(
        Exit::Interrupted,
        "Interrupted.",
        "What was acknowledged is kept; run the same command again to go on.",
    )
}

fn some_rejected(count: u64) -> CliError {
    CliError::new(
        Exit::Failed,
        format!("{count} transactions were rejected."),
        "Correct them and send them under new ids; --receipts FILE lists them all.",
    )
}
