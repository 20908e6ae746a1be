//! Zero: zero-cache beside PostgreSQL, an API server that carries out its mutators, and two of its own clients, which measure
//! themselves in a process of their own.

use std::net::{SocketAddr, TcpListener};
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};
use tokio_postgres::Client;

use super::node::{self, Package};
use crate::cluster::{Scratch, words};
use crate::failure::Failure;
use crate::http::Connection;
use crate::latency::WARM_UP;
use crate::server::Server;
use crate::statistics::Series;

/// Its program, below its package.
const CACHE: &str = "node_modules/@rocicorp/zero/out/zero/src/cli.js";
const DATABASE: &str = "zero";
/// How long its cache may take to copy what is there.
const READY_S_MAX: u64 = 60;
/// How long its clients may take.
const CLIENTS_S_MAX: u64 = 300;
const LOOK_MS: u64 = 100;

/// Zero at work.
pub struct Zero {
    /// A connection to its database.
    pub client: Client,
    api: Server,
    cache: Child,
    address: SocketAddr,
}

impl Zero {
    /// Makes its database and starts both servers; returns when the cache answers.
    pub async fn start(scratch: &Scratch) -> Result<Self, Failure> {
        let config = scratch.make_database(DATABASE).await?;
        let client = scratch.client(&config).await?;
        client.batch_execute(include_str!("sql/zero_tables.sql")).await?;
        let place: Vec<(&str, String)> = ["PGHOST", "PGPORT", "PGUSER", "PGDATABASE"]
            .into_iter()
            .zip(words(&config).map(|(_, value)| value))
            .collect();
        let mut api = node(&["api.js"])?;
        api.envs(place.iter().cloned());
        let api = Server::launch(api).await?;
        // It cannot be told to take any free port and say which.
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut cache = node(&[CACHE])?;
        cache
            .envs(place)
            // Without a host it is PGHOST's, which may be a socket.
            .env("ZERO_UPSTREAM_DB", format!("postgres:///{DATABASE}"))
            .env("ZERO_REPLICA_FILE", scratch.dir().join("zero.db"))
            .env("ZERO_PORT", address.port().to_string())
            .env("ZERO_MUTATE_URL", format!("{}/mutate", api.url()))
            .env("ZERO_QUERY_URL", format!("{}/query", api.url()))
            .env("ZERO_ADMIN_PASSWORD", "bench")
            .env("ZERO_NUM_SYNC_WORKERS", "1")
            .env("ZERO_ENABLE_TELEMETRY", "false")
            .env("DO_NOT_TRACK", "1")
            .env("ZERO_LOG_LEVEL", "error")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let cache = cache.spawn().map_err(Failure::during("starting zero-cache"))?;
        ready(address).await?;
        Ok(Self { client, api, cache, address })
    }

    /// Milliseconds from one device to the other, so many times.
    pub async fn measure(&self, samples: usize) -> Result<Series, Failure> {
        let url = format!("http://{}", self.address);
        let mut clients = node(&["clients.js", &url, &samples.to_string(), &WARM_UP.to_string()])?;
        let output = timeout(Duration::from_secs(CLIENTS_S_MAX), clients.output()).await;
        let output = output.map_err(|_| Failure::new("the clients did not come to an end"))??;
        // What its parts have to say stands before.
        let said = String::from_utf8_lossy(&output.stdout);
        let last = said.lines().last().unwrap_or_default();
        let took_ms: Vec<f64> = serde_json::from_str(last)
            .map_err(|_| Failure::new(format!("the clients said {}", String::from_utf8_lossy(&output.stderr))))?;
        Ok(Series::new(took_ms))
    }

    /// Asks both to end. Its cache tells its own workers.
    pub async fn stop(mut self) -> Result<(), Failure> {
        if let Some(pid) = self.cache.id() {
            Command::new("kill").args(["-TERM", &pid.to_string()]).status().await?;
        }
        if timeout(Duration::from_secs(READY_S_MAX), self.cache.wait()).await.is_err() {
            self.cache.kill().await?;
        }
        self.api.stop().await
    }
}

/// A program of its package, on a node that it runs on.
fn node(words: &[&str]) -> Result<Command, Failure> {
    let program = node::for_zero().ok_or_else(|| Failure::new("there is no node for Zero"))?;
    let mut command = Command::new(program);
    command.args(words).current_dir(node::folder(Package::Zero)).env("NODE_ENV", "production");
    command.stdin(Stdio::null()).kill_on_drop(true);
    Ok(command)
}

async fn ready(address: SocketAddr) -> Result<(), Failure> {
    let begun = Instant::now();
    loop {
        if let Ok(mut connection) = Connection::open(address, "").await
            && connection.get("/keepalive").await.is_ok()
        {
            return Ok(());
        }
        if begun.elapsed() > Duration::from_secs(READY_S_MAX) {
            return Err(Failure::new("zero-cache was not ready in time"));
        }
        sleep(Duration::from_millis(LOOK_MS)).await;
    }
}
