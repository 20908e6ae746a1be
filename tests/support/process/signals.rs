//! Processes from outside: which there are, and what they are told.

use std::path::Path;
use std::process::{Command, Stdio};

/// Sends a signal by its short name. The shell does it, because the call itself needs unsafe code. Processes that are
/// gone already are no mistake.
pub fn signal(name: &str, pids: &[u32]) {
    let pids: Vec<String> = pids.iter().map(u32::to_string).collect();
    let line = format!("kill -{name} {}", pids.join(" "));
    Command::new("sh").args(["-c", &line]).stderr(Stdio::null()).status().expect("a shell");
}

/// The processes that work in a directory: that name it, or that have it for their own.
#[must_use]
pub fn processes_in(dir: &Path) -> Vec<u32> {
    let numbered = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = numbered.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|pid| works_in(*pid, dir)).collect()
}

/// The first process of the cluster in this directory, as its status file has it.
#[must_use]
pub fn postmaster_of(cluster: &Path) -> Option<u32> {
    std::fs::read_to_string(cluster.join("postmaster.pid")).ok()?.lines().next()?.trim().parse().ok()
}

fn works_in(pid: u32, dir: &Path) -> bool {
    let named = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let named = String::from_utf8_lossy(&named).contains(&*dir.to_string_lossy());
    let here = std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd.starts_with(dir));
    (named || here) && pid != std::process::id()
}
