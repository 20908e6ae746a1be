//! The command that installs the server programs of PostgreSQL on this kind of machine. `script/server` runs it.

/// For people to read and copy.
pub(super) fn command() -> String {
    if cfg!(target_os = "macos") {
        return "brew install postgresql@17".to_owned();
    }
    for_system(&std::fs::read_to_string("/etc/os-release").unwrap_or_default()).to_owned()
}

fn for_system(os_release: &str) -> &'static str {
    let value = |key: &str| os_release.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default();
    let family = format!("{} {}", value("ID="), value("ID_LIKE="));
    match () {
        () if family.contains("debian") || family.contains("ubuntu") => "sudo apt-get install postgresql",
        () if family.contains("fedora") || family.contains("rhel") => "sudo dnf install postgresql-server",
        () if family.contains("arch") => "sudo pacman -S postgresql",
        () if family.contains("alpine") => "sudo apk add postgresql",
        () if family.contains("suse") => "sudo zypper install postgresql-server",
        () => "script/server",
    }
}

#[cfg(test)]
mod tests {
    use super::for_system;

    #[test]
    fn each_family_has_its_command() {
        assert_eq!(for_system("NAME=x\nID=ubuntu\nID_LIKE=debian\n"), "sudo apt-get install postgresql");
        assert_eq!(for_system("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n"), "sudo dnf install postgresql-server");
        assert_eq!(for_system(""), "script/server");
    }
}
