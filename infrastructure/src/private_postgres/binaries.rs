//! Where the server programs of PostgreSQL are on this machine.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{PrivatePostgresError, install};

/// The oldest major version that levelup works with.
const MAJOR_MIN: u32 = 15;

/// A directory with `postgres`, `initdb` and `pg_ctl`, all of one version.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Binaries {
    pub(super) dir: PathBuf,
    pub(super) major: u32,
}

impl Binaries {
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }
}

/// The programs for the cluster in `cluster_dir`: of exactly its version when it exists, else the first good ones.
pub(super) fn find(cluster_dir: &Path) -> Result<Binaries, PrivatePostgresError> {
    let made_by = fs::read_to_string(cluster_dir.join("PG_VERSION")).ok().and_then(|text| text.trim().parse().ok());
    let mut found: Vec<u32> = Vec::new();
    for dir in candidates() {
        let Some(major) = version(&dir) else { continue };
        if made_by.map_or(major >= MAJOR_MIN, |wanted| major == wanted) {
            return Ok(Binaries { dir, major });
        }
        found.push(major);
    }
    Err(none(made_by, &found))
}

fn none(made_by: Option<u32>, found: &[u32]) -> PrivatePostgresError {
    let versions: Vec<String> = found.iter().map(u32::to_string).collect();
    PrivatePostgresError::NoBinaries {
        wanted: made_by.map_or(format!("{MAJOR_MIN} (or newer)"), |major| format!("{major} (which made the cluster)")),
        found: if found.is_empty() { String::new() } else { format!("; there is {}", versions.join(", ")) },
        install: install::command(),
    }
}

/// What was asked for first, then the usual places, newest first.
fn candidates() -> Vec<PathBuf> {
    let mut places: Vec<PathBuf> = std::env::var_os("PG_BIN").map(PathBuf::from).into_iter().collect();
    if let Ok(answer) = Command::new("pg_config").arg("--bindir").output() {
        places.push(PathBuf::from(String::from_utf8_lossy(&answer.stdout).trim()));
    }
    places.extend(newest_first("/usr/lib/postgresql", "", "bin"));
    places.extend(newest_first("/usr", "pgsql-", "bin"));
    for homebrew in ["/opt/homebrew/opt", "/usr/local/opt", "/home/linuxbrew/.linuxbrew/opt"] {
        places.extend(newest_first(homebrew, "postgresql@", "bin"));
        places.push(Path::new(homebrew).join("postgresql/bin"));
    }
    places.push(PathBuf::from("/usr/local/pgsql/bin"));
    places.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
    places.retain(|dir| ["postgres", "initdb", "pg_ctl"].iter().all(|program| dir.join(program).is_file()));
    places
}

/// The directories `<parent>/<prefix><number>/<rest>`, the highest number first.
fn newest_first(parent: &str, prefix: &str, rest: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let mut numbered: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| {
            let number = entry.file_name().to_str()?.strip_prefix(prefix)?.parse().ok()?;
            Some((number, entry.path().join(rest)))
        })
        .collect();
    numbered.sort_by(|left, right| right.cmp(left));
    numbered.into_iter().map(|(_, dir)| dir).collect()
}

fn version(dir: &Path) -> Option<u32> {
    let answer = Command::new(dir.join("postgres")).arg("--version").output().ok()?;
    parse_version(&String::from_utf8_lossy(&answer.stdout))
}

/// "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)" or "postgres (PostgreSQL) 18beta1".
fn parse_version(text: &str) -> Option<u32> {
    let number = text.split("(PostgreSQL)").nth(1)?.trim();
    number.split(|character: char| !character.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_the_server_says() {
        assert_eq!(parse_version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(parse_version("postgres (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(parse_version("something else"), None);
    }

    #[test]
    fn a_machine_without_programs_is_told_how_to_get_them() {
        let error = none(None, &[13, 14]);
        let text = error.to_string();
        assert_eq!(text, "no PostgreSQL 15 (or newer) server programs are installed; there is 13, 14");
        assert!(error.next_step().contains("DATABASE_URL"));
    }
}
