//! `levelup admin dead-letters`: refused transactions of everybody that no device has acknowledged.

use application::fault::Fault;
use application::identity::{Act, Actor, Entry, Place, SecurityLog};
use clap::Args;
use domain::id::AccountId;
use infrastructure::clock::now_ms;
use infrastructure::config::Settings;
use infrastructure::postgres::dead_letters::{Letter, PostgresDeadLetters, Sought};
use serde_json::json;
use uuid::Uuid;

use super::{CliError, Desk, show};
use crate::admin::dead_letters::DeadLetterBody;

/// Letters that are read at once.
const PAGE_ROWS: usize = 1_000;

/// What `levelup admin dead-letters` is told.
#[derive(Args, Debug)]
pub struct DeadLettersArgs {
    /// Of one account; then with what was sent, and the account can read that the operator looked
    #[arg(long, value_name = "UUID")]
    pub account: Option<Uuid>,
    /// Refused for this code
    #[arg(long, value_name = "CODE")]
    pub code: Option<String>,
    /// Refused at or after this, Unix ms
    #[arg(long, value_name = "MS", default_value_t = i64::MIN, hide_default_value = true, allow_negative_numbers = true)]
    pub from: i64,
    /// Refused before this, Unix ms
    #[arg(long, value_name = "MS", default_value_t = i64::MAX, hide_default_value = true)]
    pub to: i64,
    /// So many at most, the newest first
    #[arg(long, value_name = "COUNT", default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    pub limit: u64,
    /// Print one JSON object a line
    #[arg(long)]
    pub json: bool,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// Lists them, and how many were refused for what.
pub async fn run(args: DeadLettersArgs) -> Result<(), CliError> {
    let sought = Sought { account: args.account, code: args.code.clone(), from: args.from, to: args.to };
    let counts = Desk::with(&args.settings, async |desk| {
        let store = PostgresDeadLetters::new(desk.pool.clone());
        if let Some(account) = args.account {
            let entry = Entry::by_oneself(AccountId(account), Act::LookedAt, Place::default(), now_ms());
            let about = json!({ "what": "dead_letters" });
            desk.directory.record(Entry { actor: Actor::Operator, about, ..entry }).await?;
        }
        print(&store, &sought, &args).await?;
        Ok(store.counts(&sought).await?)
    })
    .await?;
    for (code, count) in counts.iter().filter(|_| !args.json) {
        println!("{count} {}", code.as_deref().unwrap_or("(no code)"));
    }
    Ok(())
}

/// Prints them page by page: whole ones come few at a time.
async fn print(store: &PostgresDeadLetters, sought: &Sought, args: &DeadLettersArgs) -> Result<(), Fault> {
    let (mut left, mut behind) = (usize::try_from(args.limit).unwrap_or(usize::MAX), None);
    while left > 0 {
        let (letters, more) = store.list(sought, behind, left.min(PAGE_ROWS)).await?;
        left -= letters.len();
        behind = letters.last().filter(|_| more).map(|last| (last.at, last.space.0, last.transaction.0));
        for letter in letters {
            if args.json {
                println!("{}", serde_json::to_string(&DeadLetterBody::from(letter)).unwrap_or_default());
            } else {
                println!("{}", line(&letter));
            }
        }
        if behind.is_none() {
            break;
        }
    }
    Ok(())
}

fn line(letter: &Letter) -> String {
    let code = letter.code.as_deref().unwrap_or("(no code)");
    let (space, transaction, at) = (letter.space.0, letter.transaction.0, show::moment(letter.at));
    let sent = match &letter.whole {
        Some(whole) => format!(" {}", whole.commands),
        None => format!(" {} bytes", letter.bytes),
    };
    format!("{at} {code} account {space} transaction {transaction}{sent}")
}
