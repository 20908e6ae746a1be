//! `levelup-bench [list | install | report | run] [--targets …] [--shapes …]`: this server beside its peers, for long runs.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    benches::peers::command_line().await
}
