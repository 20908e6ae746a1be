//! The program under test.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The program, built if it is older than its sources: `cargo test` builds the programs of a package only for tests of
/// that package.
pub(super) fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        if let Some(named) = std::env::var_os("LEVELUP_BINARY") {
            return named.into();
        }
        let this = std::env::current_exe().unwrap();
        let profile = this.ancestors().nth(2).expect("a test program lies in <target>/<profile>/deps");
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["build", "--quiet", "--package", "api", "--bin", "levelup"]);
        if profile.ends_with("release") {
            cargo.arg("--release");
        }
        // What this test's own cargo told it is not for another one: build scripts would take it for a change.
        let told = std::env::vars_os().map(|(name, _)| name).filter(|name| {
            let name = name.to_string_lossy();
            name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") || name == "CARGO_CRATE_NAME"
        });
        for name in told {
            cargo.env_remove(name);
        }
        cargo
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .env("CARGO_TARGET_DIR", profile.parent().unwrap());
        let built = cargo.stdin(Stdio::null()).status().expect("cargo can be run");
        assert!(built.success(), "the server's program could not be built");
        profile.join("levelup")
    })
}
