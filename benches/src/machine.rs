//! What it was measured on: enough to compare, nothing that names the machine.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde::{Deserialize, Serialize};
use tokio_postgres::Client;

use crate::failure::Failure;

/// A machine and its PostgreSQL.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Machine {
    /// Logical cores.
    pub cores: usize,
    /// The processor's name for itself.
    pub processor: String,
    /// Memory, GiB.
    pub memory_gib: f64,
    /// Operating system and architecture.
    pub system: String,
    /// The kind of file system that the cluster is on.
    pub file_system: String,
    /// Settings of PostgreSQL in force that bear on the result.
    pub settings: Vec<(String, String)>,
    /// The day, in UTC.
    pub today: String,
}

impl Machine {
    /// Looks around.
    pub async fn look(client: &Client, scratch: &Path) -> Result<Self, Failure> {
        let rows = client.query(include_str!("sql/settings.sql"), &[]).await?;
        let today = client.query_one(include_str!("sql/today.sql"), &[]).await?.get("today");
        let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
        let kernel = kernel.split('-').next().unwrap_or_default().trim();
        Ok(Self {
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            processor: value("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown".to_owned()),
            memory_gib: memory_gib(),
            system: format!("{} {kernel}, {}", std::env::consts::OS, std::env::consts::ARCH),
            file_system: file_system(scratch),
            settings: rows.iter().map(|row| (row.get("name"), row.get("setting"))).collect(),
            today,
        })
    }
}

/// How much ran on average in the last minute, this run's own part included.
#[must_use]
pub fn load_average() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().unwrap_or("unknown").to_owned()
}

fn memory_gib() -> f64 {
    let kib = value("/proc/meminfo", "MemTotal").and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok());
    kib.unwrap_or(f64::NAN) / 1024.0 / 1024.0
}

fn value(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// A file system in memory makes every commit free, so it has to be told.
fn file_system(dir: &Path) -> String {
    let answer = Command::new("stat").args(["-f", "-c", "%T"]).arg(dir).output();
    let name = answer.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
    if name.is_empty() { "unknown".to_owned() } else { name }
}
