//! `cargo bench -p benches --bench main -- [--smoke] [--report FILE]`: everything in one run on one PostgreSQL.

use std::process::ExitCode;

use benches::options::Options;
use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    match benches::run::run(&Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("benches: {failure}");
            ExitCode::FAILURE
        }
    }
}
