//! `levelup settings`: every setting as `levelup serve` would have it, told the same flags in the same environment.

use clap::Args;
use infrastructure::config::{InForce, Serving};
use serde_json::json;

use super::CliError;
use crate::admin::settings::SettingBody;

/// What `levelup settings` is told.
#[derive(Args, Debug)]
pub struct SettingsArgs {
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// What `levelup serve` would be told.
    #[command(flatten)]
    pub serving: Serving,
}

/// Prints them. A secret is set or not.
pub async fn run(args: &SettingsArgs) -> Result<(), CliError> {
    let settings = args.serving.in_force.iter().cloned();
    if args.json {
        let settings: Vec<SettingBody> = settings.map(Into::into).collect();
        println!("{}", json!({ "settings": settings }));
        return Ok(());
    }
    settings.for_each(|setting| println!("{}", line(&setting)));
    Ok(())
}

fn line(setting: &InForce) -> String {
    let shown = match (&setting.value, setting.is_set, setting.is_secret) {
        (Some(value), ..) => value.as_str(),
        (None, true, _) => "(set)",
        (None, false, true) => "(unset)",
        (None, false, false) => "(none)",
    };
    format!("{:<28} {shown}  [{}]", setting.name, setting.from.as_str())
}
