//! `levelup replay`: what happened in a space or to one of its entities, step by step, on the database itself. The account can
//! read that the operator looked.

mod desk;
mod key;
mod show;
mod walk;

use clap::Args;
use infrastructure::config::Settings;
use uuid::Uuid;

use self::desk::Desk;
use super::terminal::paint::Paint;
use super::{CliError, Exit};

/// What `levelup replay` is told.
#[derive(Args, Debug)]
pub struct ReplayArgs {
    /// The space; it has the id of its account
    #[arg(value_name = "SPACE")]
    pub space: Uuid,
    /// The steps of one entity: its kind and id, such as `task/0190…`
    #[arg(long, value_name = "KIND/ID")]
    pub entity: Option<String>,
    /// Begin with the last step at or before an instant (RFC 3339, or Unix ms)
    #[arg(long, value_name = "INSTANT", conflicts_with = "from")]
    pub at: Option<String>,
    /// Begin with the step at a position
    #[arg(long, value_name = "POSITION")]
    pub from: Option<i64>,
    /// Print so many steps instead of all
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Compare that moment with this one (a position or an instant) instead of stepping
    #[arg(long, value_name = "MOMENT", conflicts_with_all = ["limit", "follow_steps"])]
    pub compare: Option<String>,
    /// Say what this device had at the instant of --at, or has now
    #[arg(long, value_name = "UUID", conflicts_with_all = ["entity", "from", "limit", "compare", "follow_steps"])]
    pub device: Option<Uuid>,
    /// Wait after each step for a key: n(ext), p(revious), g(o to) a moment, s(tate), q(uit)
    #[arg(long, conflicts_with_all = ["json", "limit"])]
    pub follow_steps: bool,
    /// Print one JSON object a line
    #[arg(long)]
    pub json: bool,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// Replays.
pub async fn run(args: ReplayArgs) -> Result<(), CliError> {
    let paint = Paint::for_stdout();
    Desk::with(&args, async |desk| {
        if let Some(device) = args.device {
            return desk.device(device, &args, paint).await;
        }
        if let Some(later) = &args.compare {
            return desk.compare(later, &args, paint).await;
        }
        if args.follow_steps && walk::is_possible() {
            return walk::walk(desk, desk.begin(&args).await?, paint).await;
        }
        desk.print(&args, paint).await
    })
    .await
}

fn usage(sentence: &str, next: &str) -> CliError {
    CliError::new(Exit::Usage, sentence, next)
}
