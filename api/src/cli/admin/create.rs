//! `levelup admin create`: an account, such as the first admin.

use application::identity::Secret;
use application::identity::admin::create;
use clap::Args;
use domain::id::AccountId;
use infrastructure::clock;
use infrastructure::config::Settings;
use infrastructure::passwords::Passwords;
use serde_json::json;

use super::super::sign_in::PasswordArgs;
use super::{CliError, Desk, RoleName};

/// Random bytes of a password that is drawn.
const PASSWORD_BYTES: usize = 16;

/// What `levelup admin create` is told.
#[derive(Args)]
pub struct CreateArgs {
    /// The new account's e-mail address; it counts as proven
    #[arg(long, value_name = "ADDRESS")]
    pub email: String,
    /// What it may do
    #[arg(long, value_enum, default_value = "user")]
    pub role: RoleName,
    /// Its password; without one a password is drawn and printed.
    #[command(flatten)]
    pub password: PasswordArgs,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// Makes it and prints its id, and its password if it was drawn: once, and nowhere else.
pub async fn run(args: CreateArgs) -> Result<(), CliError> {
    let drawn = args.password.password.is_none();
    let password = args.password.password.unwrap_or_else(draw);
    let role = args.role.into();
    let id = Desk::with(&args.settings, async |desk| {
        let fresh = (AccountId(clock::uuid_v7()), clock::now_ms());
        let (ports, secret) = ((&desk.directory, &Passwords::default()), Secret::new(password.clone()));
        Ok(create(ports, fresh, &args.email, secret, role, args.settings.time_zone.clone()).await?)
    })
    .await?;
    let shown = drawn.then_some(&password);
    if args.json {
        println!("{}", json!({ "id": id.0, "email": args.email, "role": role.as_str(), "password": shown }));
        return Ok(());
    }
    println!("{} {} is {} now", role.as_str(), args.email, id.0);
    if let Some(password) = shown {
        println!("password: {password}");
    }
    Ok(())
}

fn draw() -> String {
    clock::random_bytes::<PASSWORD_BYTES>().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl std::fmt::Debug for CreateArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CreateArgs").field("role", &self.role).finish_non_exhaustive()
    }
}
