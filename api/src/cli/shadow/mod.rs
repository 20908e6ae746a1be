//! `levelup shadow`: recorded requests of API v1, sent again to this server and, if wished, to another one beside it. What
//! is compared is the shape of the answers, which is what clients in the field are built on; values differ by nature.

mod recording;
mod replayed;
mod shape;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use self::recording::{Recording, Step};
use self::replayed::{Backend, Told};
use self::shape::differences;
use super::error::{CliError, Exit};

/// Replays a recording and compares shapes.
#[derive(Args, Debug)]
pub struct ShadowArgs {
    /// The recording: requests and their answers, one JSON object a line (docs/SHADOW.md)
    #[arg(value_name = "FILE")]
    recording: PathBuf,
    /// The server that is compared
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    server: String,
    /// Another server to compare it with, instead of the recorded answers
    #[arg(long, value_name = "URL")]
    beside: Option<String>,
    /// Fields that only the server has count as differences, too
    #[arg(long)]
    strict: bool,
    /// How long a server has for each answer; one that takes longer differs
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    patience: u64,
}

/// Replays, prints every difference, and ends with 5 when there is one.
///
/// # Errors
/// The recording cannot be read, nobody is at an address, or shapes differ.
pub async fn run(args: ShadowArgs) -> Result<(), CliError> {
    let recording = Recording::read(&args.recording)?;
    let patience = Duration::from_secs(args.patience);
    let mut server = Backend::at(&args.server, patience)?;
    let mut beside = args.beside.as_deref().map(|url| Backend::at(url, patience)).transpose()?;
    let mut differing = 0_usize;
    for step in &recording.steps {
        let told = server.ask(step).await?;
        let expected = match &mut beside {
            Some(beside) => beside.ask(step).await?,
            None => Some(Told::recorded(step)),
        };
        let found = match (&expected, &told) {
            (Some(expected), Some(told)) => differences(expected, told, args.strict),
            (_, None) => vec![format!("no answer in {} s", args.patience)],
            (None, Some(_)) => vec![format!("the other server gave no answer in {} s", args.patience)],
        };
        show(step, told.as_ref(), &found);
        differing += usize::from(!found.is_empty());
    }
    println!("requests: {}, differing: {differing}", recording.steps.len());
    if differing == 0 {
        return Ok(());
    }
    Err(CliError::new(Exit::Difference, "Answers differ in shape.", "The lines above say where."))
}

fn show(step: &Step, told: Option<&Told>, found: &[String]) {
    let verdict = if found.is_empty() { "same  " } else { "DIFFER" };
    let status = told.map_or("---".to_owned(), |told| told.status.to_string());
    println!("{verdict} {status} {} {}", step.method, step.path);
    found.iter().for_each(|difference| println!("       {difference}"));
}

/// The name that an answer is remembered by.
fn name(step: &Step, number: usize) -> String {
    step.name.clone().unwrap_or_else(|| number.to_string())
}
