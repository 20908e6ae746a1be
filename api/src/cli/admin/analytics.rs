//! `levelup admin analytics`: how well the service did, step by step, as a table or as JSON.

use application::analytics::{Figures, Range, Report, Step, report};
use clap::{Args, ValueEnum};
use infrastructure::clock::now_ms;
use infrastructure::config::Settings;
use infrastructure::postgres::measures::PostgresMeasures;

use super::show::moment;
use super::{CliError, Desk};
use crate::admin::analytics::AnalyticsBody;
use crate::cli::Exit;

/// What `levelup admin analytics` is told.
#[derive(Args, Debug)]
pub struct AnalyticsArgs {
    /// First moment: a day of UTC, an instant, or Unix milliseconds; thirty steps before the end when absent
    #[arg(long, value_name = "MOMENT")]
    pub from: Option<String>,
    /// Moment before which it ends; now when absent
    #[arg(long, value_name = "MOMENT")]
    pub to: Option<String>,
    /// Length of a step; at most 400 of them
    #[arg(long, value_enum, default_value_t = StepName::Day)]
    pub step: StepName,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// The length of a step.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum StepName {
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// A day of UTC.
    Day,
}

/// Prints what was measured.
pub async fn run(args: AnalyticsArgs) -> Result<(), CliError> {
    let step = match args.step {
        StepName::Minute => Step::Minute,
        StepName::Hour => Step::Hour,
        StepName::Day => Step::Day,
    };
    let range = Range::read(args.from.as_deref(), args.to.as_deref(), step, now_ms())
        .map_err(|error| CliError::new(Exit::Usage, error.to_string(), "Correct --from, --to or --step."))?;
    let found =
        Desk::with(&args.settings, async |desk| Ok(report(&PostgresMeasures::new(desk.pool.clone()), range).await?))
            .await?;
    if args.json {
        println!("{}", serde_json::to_string(&AnalyticsBody::from(found)).unwrap_or_default());
    } else {
        print(&found);
    }
    Ok(())
}

const HEAD: [&str; 9] =
    ["from", "sent", "success", "conflicts", "write p50", "write p99", "delivery p99", "devices/account", "both"];

fn print(report: &Report) {
    println!("{}", line(HEAD.map(str::to_owned)));
    let known = report.steps.iter().filter(|step| step.tally.sent() > 0 || step.population.is_some());
    known.for_each(|step| println!("{}", line(row(&moment(step.at), step))));
    println!("{}", line(row("all of it", &report.whole)));
}

fn row(name: &str, figures: &Figures) -> [String; 9] {
    let Figures { tally, population, .. } = figures;
    let ms = |ms: Option<f64>| ms.map_or_else(dash, |ms| format!("{ms:.1} ms"));
    let per_account = population.and_then(|people| people.devices_per_account());
    [
        name.to_owned(),
        tally.sent().to_string(),
        percent(tally.sync_success()),
        percent(tally.conflict_rate()),
        ms(tally.write.quantile_ms(0.5)),
        ms(tally.write.quantile_ms(0.99)),
        ms(tally.delivery.quantile_ms(0.99)),
        per_account.map_or_else(dash, |devices| format!("{devices:.2}")),
        percent(population.and_then(|people| people.both_platforms_share())),
    ]
}

fn percent(share: Option<f64>) -> String {
    share.map_or_else(dash, |share| format!("{:.2} %", share * 100.0))
}

fn dash() -> String {
    "-".to_owned()
}

fn line(cells: [String; 9]) -> String {
    let [first, rest @ ..] = cells;
    let rest: String = rest.iter().map(|cell| format!(" {cell:>15}")).collect();
    format!("{first:<20}{rest}")
}
