//! `levelup migrate`: the schema, without serving. `serve` does the same at its start; this is for roll-outs that want
//! it as a step of their own.

use clap::Args;
use infrastructure::{config::Settings, postgres::migrations};

use super::{
    CliError, Exit,
    database::{self, Database},
};

/// What `levelup migrate` is told.
#[derive(Args, Debug)]
pub struct MigrateArgs {
    /// Only print what would be applied; ends with 1 when there is something
    #[arg(long)]
    pub check: bool,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// Applies what is missing, or prints it.
pub async fn run(args: MigrateArgs) -> Result<(), CliError> {
    database::with(
        &args.settings,
        async |database| {
            if args.check { print_pending(database).await } else { apply(database).await }
        },
    )
    .await
}

async fn apply(database: &Database) -> Result<(), CliError> {
    let migrated = database.migrate().await?;
    for name in &migrated.applied {
        println!("applied {name}");
    }
    println!("the schema has all {} migrations ({})", migrated.total, database.label());
    Ok(())
}

async fn print_pending(database: &Database) -> Result<(), CliError> {
    let pending = migrations::pending(database.config()).await?;
    for name in &pending {
        println!("pending {name}");
    }
    if pending.is_empty() {
        println!("nothing is pending ({})", database.label());
        return Ok(());
    }
    Err(CliError::new(Exit::Failed, format!("{} migrations are pending", pending.len()), "Run `levelup migrate`."))
}
