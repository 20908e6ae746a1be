//! `levelup migrate`: the schema, without serving. `serve` does the same at its start; this is for roll-outs that want
//! it as a step of their own. Only here tables are spread over several machines.

use clap::{Args, ValueEnum};
use infrastructure::{
    config::Settings,
    postgres::{distribution, migrations},
};

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
    /// Spread the tables by space, over the machines that this engine knows: `citus`
    #[arg(long, value_name = "ENGINE", value_enum, hide_possible_values = true, conflicts_with = "check")]
    pub distributed: Option<Engine>,
    /// Only print the statements that spread the tables; no database is asked
    #[arg(long, requires = "distributed")]
    pub print: bool,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// What spreads tables.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Engine {
    /// The extension of PostgreSQL of that name.
    Citus,
}

/// Applies what is missing, or prints it.
pub async fn run(args: MigrateArgs) -> Result<(), CliError> {
    if args.print {
        distribution::statements().iter().for_each(|sql| println!("{sql}"));
        return Ok(());
    }
    database::with(&args.settings, async |database| match (args.check, args.distributed) {
        (true, _) => print_pending(database).await,
        (false, None) => apply(database).await,
        (false, Some(Engine::Citus)) => spread(database).await,
    })
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

async fn spread(database: &Database) -> Result<(), CliError> {
    apply(database).await?;
    for table in distribution::run(database.config()).await? {
        println!("spread {table}");
    }
    println!("every table of a space is spread; serve this database with LEVELUP_GROUP_SCOPE=space");
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
