//! Backups that are not what was written, databases that are not empty, disks that are full: each is told with what and
//! where, and nothing is written.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use support::commands::new_task;
use support::patience::within;
use support::process::command;
use support::{DataDir, Database, tables};

use super::{backup, names, verified};
use crate::log_copy::{Folder, fill, levelup, live, text};
use crate::stage::Stage;

/// A copy of a folder of backups.
fn copied(from: &Path, to: PathBuf) -> PathBuf {
    for name in names(from) {
        std::fs::create_dir_all(to.join(&name)).unwrap();
        for entry in std::fs::read_dir(from.join(&name)).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), to.join(&name).join(entry.file_name())).unwrap();
        }
    }
    to
}

/// Refused by who verifies and by who restores, with nothing written; what was said.
async fn refused(target: &Database, path: &Path) -> String {
    let sql = target.connect().await;
    let before = tables::footprint(&sql).await;
    let mut said = String::new();
    for arguments in [["backup", "verify", text(path)].as_slice(), &["restore", text(path)]] {
        let (exit, output, error) = levelup(target, arguments).await;
        assert_eq!(exit, 2, "{arguments:?}: {output}{error}");
        assert!(!error.contains("panicked"), "{error}");
        assert_eq!(tables::footprint(&sql).await, before);
        said = error;
    }
    let begun: i64 = sql.query_one("SELECT count(*) FROM restores", &[]).await.unwrap().get(0);
    assert_eq!(begun, 0);
    said
}

fn change(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = std::fs::read(path).unwrap();
    change(&mut bytes);
    std::fs::write(path, bytes).unwrap();
}

#[tokio::test]
async fn a_file_that_was_cut_changed_or_exchanged_is_named() {
    let (stage, target, folder) = (Stage::set().await, Database::fresh().await, Folder::new());
    live(&stage.account, "First").await;
    let good = folder.file("good");
    let full = backup(&stage.database, &good, &[]).await.file_name().unwrap().to_owned();
    live(&stage.account, "Second").await;
    let newest = backup(&stage.database, &good, &[]).await.file_name().unwrap().to_owned();
    for of in [&full, &newest] {
        for file in ["log.ndjson.zst", "spaces.ndjson.zst", "tables.ndjson.zst"] {
            let bad = copied(&good, folder.file(&format!("cut-{}-{file}", text(Path::new(of)))));
            let path = bad.join(of).join(file);
            change(&path, |bytes| bytes.truncate(bytes.len() / 2));
            let error = refused(&target, &bad).await;
            assert!(error.contains(&format!("{}: it was cut off", path.display())), "{error}");
            change(&path, |bytes| *bytes = std::fs::read(good.join(of).join(file)).unwrap());
            change(&path, |bytes| {
                let middle = bytes.len() / 2;
                bytes[middle] ^= 4;
            });
            let error = refused(&target, &bad).await;
            assert!(error.contains(&format!("{}: it was changed", path.display())), "{error}");
            std::fs::remove_file(&path).unwrap();
            assert!(levelup(&target, &["restore", text(&bad)]).await.2.contains(text(&path)));
        }
    }
}

#[tokio::test]
async fn a_backup_that_is_none_or_lacks_what_it_goes_on_from_is_told() {
    let (stage, target, folder) = (Stage::set().await, Database::fresh().await, Folder::new());
    live(&stage.account, "First").await;
    let good = folder.file("good");
    let full = backup(&stage.database, &good, &[]).await.file_name().unwrap().to_owned();
    stage.account.send(new_task("Second")).await;
    let newest = backup(&stage.database, &good, &[]).await.file_name().unwrap().to_owned();
    let manifest = |bad: &Path, of: &std::ffi::OsString| bad.join(of).join("manifest.json");
    let text_of = |bytes: &Vec<u8>| String::from_utf8(bytes.clone()).unwrap();

    let bad = copied(&good, folder.file("parentless"));
    std::fs::remove_dir_all(bad.join(&full)).unwrap();
    let error = refused(&target, &bad).await;
    assert!(error.contains(&format!("goes on from {}, which is not there", text(Path::new(&full)))), "{error}");

    let bad = copied(&good, folder.file("flipped"));
    change(&manifest(&bad, &newest), |bytes| bytes[60] ^= 1);
    let error = refused(&target, &bad).await;
    assert!(error.contains(text(&manifest(&bad, &newest))), "{error}");

    let bad = copied(&good, folder.file("older"));
    change(&manifest(&bad, &newest), |bytes| {
        *bytes = text_of(bytes).replacen("\"version\":1", "\"version\":0", 1).into_bytes();
    });
    let error = refused(&target, &bad).await;
    assert!(error.contains("the backup has version 0, and this program reads version 1"), "{error}");

    let bad = copied(&good, folder.file("foreign"));
    change(&manifest(&bad, &newest), |bytes| *bytes = b"{\"something\":1}".to_vec());
    let error = refused(&target, &bad).await;
    assert!(error.contains("this is no manifest of a backup"), "{error}");

    let bad = copied(&good, folder.file("renamed"));
    std::fs::rename(bad.join(&newest), bad.join("20990101T000000000Z-increment")).unwrap();
    let error = refused(&target, &bad).await;
    assert!(error.contains(&format!("it is that of {}", text(Path::new(&newest)))), "{error}");

    let empty = folder.file("empty");
    std::fs::create_dir(&empty).unwrap();
    assert!(refused(&target, &empty).await.contains("there is no backup"));
    assert!(levelup(&target, &["restore", "/nowhere/at/all"]).await.2.contains("/nowhere/at/all"));
    let (exit, _, error) = levelup(&target, &["restore", text(&good), "--to-instant", "2001-01-01T00:00:00Z"]).await;
    assert_eq!((exit, error.contains("no backup was whole by then")), (2, true), "{error}");
}

#[tokio::test]
async fn nothing_is_restored_into_a_database_that_has_anything() {
    let (stage, folder) = (Stage::set().await, Folder::new());
    live(&stage.account, "First").await;
    let dir = folder.file("backups");
    backup(&stage.database, &dir, &[]).await;
    let before = tables::footprint(&stage.sql).await;
    let (exit, _, error) = levelup(&stage.database, &["restore", text(&dir)]).await;
    assert_eq!((exit, error.contains("the database is not empty")), (1, true), "{error}");
    assert_eq!(tables::footprint(&stage.sql).await, before);
}

#[tokio::test]
async fn a_disk_without_room_is_told_and_older_backups_are_whole() {
    let (stage, folder) = (Stage::set().await, Folder::new());
    live(&stage.account, "First").await;
    let dir = folder.file("backups");
    backup(&stage.database, &dir, &[]).await;
    let before = names(&dir);
    fill(&stage.account, 4).await;
    // No file may become longer than 16 KiB: the system says so as it says that a disk is full.
    let program = command("", Path::new("/"), &[]).as_std().get_program().to_owned();
    let mut shell = command(&stage.database.url(), DataDir::fresh().path(), &[]).as_std().get_envs().fold(
        tokio::process::Command::new("sh"),
        |mut shell, (name, value)| {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
            shell
        },
    );
    let line = "trap '' XFSZ; ulimit -f 32; exec \"$0\" backup \"$1\"";
    shell.args(["-c", line]).arg(program).arg(&dir).stdin(Stdio::null());
    let output = within("the end of a backup without room", shell.output()).await.unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{error}");
    assert!(error.contains("there is no room for ") && error.contains("the older ones are whole"), "{error}");
    assert_eq!(names(&dir), before, "nothing of it stays");
    verified(&stage.database, &dir).await;
    let made = backup(&stage.database, &dir, &[]).await;
    verified(&stage.database, &made).await;
}
