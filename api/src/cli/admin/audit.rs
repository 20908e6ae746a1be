//! `levelup admin audit`: who changed what, when, from where and why. Everybody of whom something is shown can read that the
//! operator looked.

use application::audit::{Asked, Found, Item, LookAt, search};
use application::identity::Actor;
use clap::Args;
use infrastructure::clock::now_ms;
use infrastructure::config::Settings;
use infrastructure::postgres::audit_log::PostgresAudit;
use serde_json::Value;
use uuid::Uuid;

use super::super::error::Exit;
use super::desk::Named;
use super::show::moment;
use super::{CliError, Desk};
use crate::admin::audit::{AdminAuditQuery, AuditRow, HEADER, SourceName, csv_line};
use crate::cli::terminal::value::short;
use crate::problem::Problem;

/// Rows that are asked for at once.
const PAGE_ROWS: usize = 1_000;

/// What `levelup admin audit` is told; everything that is said must hold.
#[derive(Args, Debug)]
pub struct AuditArgs {
    /// The account with this e-mail address
    #[arg(long, value_name = "ADDRESS", conflicts_with = "account")]
    pub email: Option<String>,
    /// The account with this id; its space has the same
    #[arg(long, value_name = "UUID")]
    pub account: Option<Uuid>,
    /// From or about this device
    #[arg(long, value_name = "UUID")]
    pub device: Option<Uuid>,
    /// In this session
    #[arg(long, value_name = "UUID")]
    pub session: Option<Uuid>,
    /// In this transaction
    #[arg(long, value_name = "UUID")]
    pub transaction: Option<Uuid>,
    /// Of this kind: task, goal, milestone, skill, hero or conflict
    #[arg(long, value_name = "KIND")]
    pub entity: Option<String>,
    /// Of the entity with this id
    #[arg(long, value_name = "UUID")]
    pub id: Option<Uuid>,
    /// Of this field
    #[arg(long, value_name = "NAME")]
    pub field: Option<String>,
    /// Recorded then or later: RFC 3339, or Unix ms
    #[arg(long, value_name = "INSTANT")]
    pub from: Option<String>,
    /// Recorded before
    #[arg(long, value_name = "INSTANT")]
    pub until: Option<String>,
    /// What followed from the event at this position of the account's log
    #[arg(long, value_name = "POSITION")]
    pub cause: Option<i64>,
    /// Said in a value, whatever its case
    #[arg(long)]
    pub text: Option<String>,
    /// Which log
    #[arg(long, value_enum, default_value = "events")]
    pub source: SourceName,
    /// Rows at most; 0 for all
    #[arg(long, default_value_t = 200)]
    pub limit: usize,
    /// Print a line of JSON for each row
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// Print a table for spreadsheets
    #[arg(long)]
    pub csv: bool,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// How rows are printed.
#[derive(Clone, Copy)]
enum Form {
    People,
    Json,
    Csv,
}

/// Searches.
pub async fn run(args: AuditArgs) -> Result<(), CliError> {
    let form = match (args.json, args.csv) {
        (true, _) => Form::Json,
        (_, true) => Form::Csv,
        _ => Form::People,
    };
    Desk::with(&args.settings, async |desk| {
        let account = match &args.email {
            Some(email) => Some(desk.find(&Named { email: Some(email.clone()), id: None }).await?.0),
            None => args.account,
        };
        let asked = args.query(account).asked().map_err(|problem| wrong(&problem))?;
        print_all(&PostgresAudit::new(desk.pool.clone()), asked, form, args.limit).await
    })
    .await
}

impl AuditArgs {
    fn query(&self, account: Option<Uuid>) -> AdminAuditQuery {
        AdminAuditQuery {
            account,
            device: self.device,
            session: self.session,
            transaction: self.transaction,
            entity: self.entity.clone(),
            id: self.id,
            field: self.field.clone(),
            from: self.from.clone(),
            until: self.until.clone(),
            cause: self.cause,
            text: self.text.clone(),
            source: Some(self.source),
            limit: Some(PAGE_ROWS),
            ..AdminAuditQuery::default()
        }
    }
}

async fn print_all(audit: &PostgresAudit, mut asked: Asked, form: Form, limit: usize) -> Result<(), CliError> {
    let mut look = LookAt::begun(Actor::Operator);
    let mut left = if limit == 0 { usize::MAX } else { limit };
    if matches!(form, Form::Csv) {
        print!("{HEADER}");
    }
    while left > 0 {
        asked.rows = left.min(PAGE_ROWS);
        let page = match search(audit, asked.clone(), Some(&mut look)).await? {
            Found::Page(page) => page,
            // What a request may not wait for, a command does: every question reads on.
            Found::Behind => continue,
            Found::Unknown => {
                let next = "Check --account or --email; an account that was erased is gone.";
                return Err(CliError::new(Exit::Failed, "There is no such account", next));
            }
        };
        left -= page.items.len();
        page.items.into_iter().for_each(|item| print_row(item, form));
        match page.next {
            Some(next) => asked.cursor = next,
            None => return Ok(()),
        }
    }
    if matches!(form, Form::People) {
        eprintln!("there may be more; --limit 0 prints all");
    }
    Ok(())
}

fn print_row(item: Item, form: Form) {
    let row = AuditRow::from(item);
    match form {
        Form::Json => println!("{}", serde_json::to_string(&row).unwrap_or_default()),
        Form::Csv => print!("{}", csv_line(&row)),
        Form::People => println!("{}", for_people(&row)),
    }
}

fn for_people(row: &AuditRow) -> String {
    let now = now_ms();
    let account = row.account_id.map_or("nobody".to_owned(), |id| id.to_string());
    let who = row.device_id.map_or(String::new(), |device| format!(", device {device}"));
    let place = row.network.as_deref().map_or(String::new(), |network| format!(", {network}"));
    let what = match &row.field {
        Some(field) => {
            let (before, after) = (short(field, &row.before, now), short(field, &row.after, now));
            format!("{field}: {before} -> {after}")
        }
        None if row.after == Value::Null => String::new(),
        None => short("", &row.after, now),
    };
    let id = row.id.map_or(String::new(), |id| format!(" {id}"));
    let event = &row.event;
    format!("{} {event}{id} {what}\n    account {account}, {}{who}{place}", moment(row.recorded_at), row.role)
}

fn wrong(problem: &Problem) -> CliError {
    let detail = problem.content().detail.clone().unwrap_or_else(|| problem.to_string());
    CliError::new(Exit::Usage, detail, "Correct it and run the command again.")
}
