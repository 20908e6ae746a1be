//! How much memory a process holds. Read from /proc; elsewhere than on Linux there are zeros.

use std::fs;

/// Resident memory now, MiB.
pub(crate) fn resident_mib(pid: u32) -> f64 {
    status(pid, "VmRSS:")
}

/// The most that was resident since [`forget_peak`], MiB.
pub(super) fn peak_mib(pid: u32) -> f64 {
    status(pid, "VmHWM:")
}

/// Lets the peak begin anew (proc(5), `clear_refs`); where that is refused, it is that of the whole life.
pub(super) fn forget_peak(pid: u32) {
    let _ = fs::write(format!("/proc/{pid}/clear_refs"), "5");
}

fn status(pid: u32, name: &str) -> f64 {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.split_whitespace().next().and_then(|kib| kib.parse::<f64>().ok()).unwrap_or_default() / 1_024.0
}
