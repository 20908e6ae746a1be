//! Backups that are damaged where they lie, or full of what was damaged before: nothing is stacked on them. And disks without
//! room for another one.

use std::process::Stdio;

use reqwest::Method;
use support::patience::until;
use support::process::command;
use support::{DataDir, Http};

use super::killed::kill;
use super::schedule::{PATH, listed, server};
use super::{backup, names, verified};
use crate::log_copy::{Folder, fill, live, text};
use crate::people::{ask, promote};
use crate::stage::Stage;

#[tokio::test]
async fn a_chain_with_a_file_of_another_length_is_not_gone_on_from() {
    let (stage, folder) = (Stage::set().await, Folder::new());
    live(&stage.account, "First").await;
    let dir = folder.file("backups");
    for (of, file) in [(0, "log.ndjson.zst"), (0, "erasures.ndjson"), (1, "tables.ndjson.zst"), (1, "manifest.json")] {
        let chain = [backup(&stage.database, &dir, &["--full"]).await, backup(&stage.database, &dir, &[]).await];
        assert!(text(&chain[1]).ends_with("-increment"), "{chain:?}");
        let path = chain[of].join(file);
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.push(b'x');
        std::fs::write(&path, bytes).unwrap();
        let after = backup(&stage.database, &dir, &[]).await;
        // Behind a manifest that cannot be read lies one that can.
        let expected = if file == "manifest.json" { "-increment" } else { "-full" };
        assert!(text(&after).ends_with(expected), "{file}: {after:?}");
        verified(&stage.database, &after).await;
    }
    // Lost altogether.
    let full = backup(&stage.database, &dir, &["--full"]).await;
    std::fs::remove_file(full.join("log.ndjson.zst")).unwrap();
    assert!(text(&backup(&stage.database, &dir, &[]).await).ends_with("-full"));
}

/// The hash of an event's payload becomes another one; what it was.
async fn damage(stage: &Stage) -> Vec<u8> {
    let hash = "SELECT payload_hash FROM events WHERE space_id = $1 AND position = 2";
    let whole = stage.sql.query_one(hash, &[&stage.account.space()]).await.unwrap().get(0);
    set_hash(stage, &vec![7; 32]).await;
    whole
}

async fn set_hash(stage: &Stage, hash: &Vec<u8>) {
    let set = "UPDATE events SET payload_hash = $2 WHERE space_id = $1 AND position = 2";
    stage.sql.execute(set, &[&stage.account.space(), hash]).await.unwrap();
}

#[tokio::test]
async fn no_chain_goes_for_a_full_backup_that_a_server_cannot_read_back() {
    let (stage, folder) = (Stage::set().await, Folder::new());
    live(&stage.account, "First").await;
    promote(&stage.sql, &stage.account, "admin").await;
    let dir = folder.file("backups");
    let older = backup(&stage.database, &dir, &[]).await;
    let whole = damage(&stage).await;
    let node = server(&stage.database, &dir, 1, 1);
    let admin = stage.account.device_http(&node, "admin").await;
    ask_for_one(&admin, 2).await;
    assert!(older.exists() && names(&dir).len() == 2, "it may be all there is: {:?}", names(&dir));
    set_hash(&stage, &whole).await;
    ask_for_one(&admin, 3).await;
    assert_eq!(names(&dir).len(), 1, "one that is whole takes their place");
    verified(&stage.database, &dir).await;
}

#[tokio::test]
async fn nothing_goes_on_from_a_full_backup_that_a_server_cannot_read_back() {
    let (stage, folder) = (Stage::set().await, Folder::new());
    live(&stage.account, "First").await;
    promote(&stage.sql, &stage.account, "admin").await;
    let dir = folder.file("backups");
    let whole = damage(&stage).await;
    let node = server(&stage.database, &dir, 9, 9);
    let admin = stage.account.device_http(&node, "admin").await;
    // The first is made by itself.
    listed(&admin, 1).await;
    ask_for_one(&admin, 2).await;
    set_hash(&stage, &whole).await;
    ask_for_one(&admin, 3).await;
    ask_for_one(&admin, 4).await;
    let endings: Vec<bool> = names(&dir).iter().map(|name| name.ends_with("-full")).collect();
    assert_eq!(endings, [true, true, true, false], "{:?}", names(&dir));
    verified(&stage.database, &dir).await;
    let metrics = String::from_utf8(Http::nobody(node.url()).get("/metrics").await.body).unwrap();
    for check in ["chain", "verify"] {
        assert!(metrics.contains(&format!("levelup_backup_checks_total{{check=\"{check}\"")), "{check}");
    }
}

/// Asks for a backup, which is then the so manieth that is known.
async fn ask_for_one(admin: &Http, whole: usize) {
    assert_eq!(ask(admin, Method::POST, PATH, None).await.0, 202);
    listed(admin, whole).await;
}

#[tokio::test]
async fn chains_that_are_not_to_be_kept_make_room() {
    let (stage, folder) = (Stage::set().await, Folder::new());
    live(&stage.account, "First").await;
    let dir = folder.file("backups");
    for _ in 0..3 {
        backup(&stage.database, &dir, &["--full"]).await;
    }
    let newest = names(&dir).pop().unwrap();
    fill(&stage.account, 4).await;
    let Stage { server, database, .. } = stage;
    server.stop().await;
    // No file may become longer than 16 KiB: the system says so as it says that a disk is full.
    let data_dir = DataDir::fresh();
    let template = command(&database.url(), data_dir.path(), &[]);
    let mut shell = tokio::process::Command::new("sh");
    for (name, value) in template.as_std().get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    let line = "trap '' XFSZ; ulimit -f 32; exec \"$0\" serve --listen 127.0.0.1:0 --backup-dir \"$1\" \
        --backup-keep 1 --backup-every 1s";
    shell.args(["-c", line]).arg(template.as_std().get_program()).arg(&dir).kill_on_drop(true);
    let child = shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let left = until("room", async || Some(names(&dir)).filter(|names| names.iter().all(|name| *name == newest))).await;
    kill(child).await;
    assert_eq!(left, [newest], "the newest chain never goes");
    verified(&database, &dir).await;
}
