//! `cargo bench -p benches --bench peers -- [--smoke]`: this server beside its peers. The same program as `levelup-bench`.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    benches::peers::command_line().await
}
