//! What `postmaster.pid` says: the server writes its process id on line 1 and its state on line 8.

use std::{fs, path::Path};

/// The server that wrote the file. It may be dead: the file outlives a server that was killed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Status {
    pub(super) pid: u32,
    pub(super) ready: bool,
}

/// Nothing when there is no such file, or when it is being written just now.
pub(super) fn read(cluster_dir: &Path) -> Option<Status> {
    parse(&fs::read_to_string(cluster_dir.join("postmaster.pid")).ok()?)
}

fn parse(text: &str) -> Option<Status> {
    let mut lines = text.lines();
    let pid = lines.next()?.trim().parse().ok()?;
    Some(Status { pid, ready: lines.nth(6).is_some_and(|state| state.trim() == "ready") })
}

/// Whether that process lives and is the server of this cluster. A process id alone says nothing: after a crash of
/// the machine another program can have it.
pub(super) fn runs(pid: u32, cluster_dir: &Path) -> bool {
    let wanted = cluster_dir.to_string_lossy();
    command_line(pid).is_some_and(|words| words.iter().any(|word| *word == wanted))
}

/// Empty for a process that has ended and was not collected yet.
fn command_line(pid: u32) -> Option<Vec<String>> {
    if Path::new("/proc/self/cmdline").exists() {
        let bytes = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
        return Some(bytes.split(|byte| *byte == 0).map(|word| String::from_utf8_lossy(word).into_owned()).collect());
    }
    let answer =
        std::process::Command::new("ps").args(["-ww", "-o", "command=", "-p", &pid.to_string()]).output().ok()?;
    // Without /proc the words are not separated; a path with spaces is found piece by piece by no one, so compare whole.
    let line = String::from_utf8_lossy(&answer.stdout).into_owned();
    let directory = line.split(" -D ").nth(1).and_then(|rest| rest.split(" -c ").next()).unwrap_or_default();
    Some(vec![directory.to_owned()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_ready_when_line_8_says_so() {
        let ready = "4711\n/data\n1790000000\n5432\n/run\n\n  1 2\nready   \n";
        assert_eq!(parse(ready), Some(Status { pid: 4711, ready: true }));
        assert_eq!(parse(&ready.replace("ready   ", "stopping")), Some(Status { pid: 4711, ready: false }));
        assert_eq!(parse("4711\n/data\n"), Some(Status { pid: 4711, ready: false }));
        assert_eq!(parse(""), None);
    }

    #[test]
    fn this_process_is_no_postgresql() {
        assert!(!runs(std::process::id(), Path::new("/nowhere/postgres")));
    }
}
