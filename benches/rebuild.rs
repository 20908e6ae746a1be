//! `cargo bench -p benches --bench rebuild -- [--smoke] [--events COUNT]`: a rebuild of everything beside the replay of
//! postgres-es and a plain ordered read of the same log, in turns, on one PostgreSQL.

use std::process::ExitCode;

use benches::rebuilding::{Options, run};
use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("benches: {failure}");
            ExitCode::FAILURE
        }
    }
}
