//! `cargo bench -p benches --bench growth -- [--smoke] [--sizes 100000,1000000] [--soak 30m]`: what a log that grows does to
//! commands, to the feed and to the disk; and what time does to a server under load.

use std::process::ExitCode;

use benches::growth::{Options, run};
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
