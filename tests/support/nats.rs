//! A NATS server of a test's own, on a port that stays the same when it is killed and started again.

use std::io::ErrorKind;
use std::process::Stdio;

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::patience::{until, within};
use crate::process::free_port;

/// The server. Dropped, it is killed.
pub struct NatsServer {
    port: u16,
    arguments: Vec<String>,
    child: Option<Child>,
}

impl NatsServer {
    /// Starts one that lets everybody in.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// The same, with these arguments beside.
    pub async fn start_with(arguments: &[&str]) -> Self {
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let mut server = Self { port: free_port(), arguments, child: None };
        server.start_again().await;
        server
    }

    /// Starts it once more, and waits until it takes connections.
    pub async fn start_again(&mut self) {
        let mut command = Command::new("nats-server");
        command.args(["-a", "127.0.0.1", "-p", &self.port.to_string()]).args(&self.arguments);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        let child = command.spawn().unwrap_or_else(|error| match error.kind() {
            ErrorKind::NotFound => panic!("nats-server is not installed: run script/test, which installs it."),
            _ => panic!("nats-server could not be started: {error}"),
        });
        self.child = Some(child);
        let port = self.port;
        // It speaks first.
        until("NATS", async || TcpStream::connect(("127.0.0.1", port)).await.ok()?.read_u8().await.ok()).await;
    }

    /// Where it is.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Kills it, and waits until it is gone.
    pub async fn kill(&mut self) {
        let mut child = self.child.take().expect("a running NATS server");
        within("the end of NATS", child.kill()).await.expect("NATS could be killed");
    }
}
