//! Lists of erasures that are damaged or lost: they are told, and taken for empty only by somebody who says so.

use std::path::Path;

use support::process::run;
use support::{Account, DataDir, Database, tables};

use super::{backup_with, names, restored};
use crate::log_copy::{Folder, count, live, text};
use crate::stage::Stage;

/// A folder with a backup of two people, and a later one of when one of them had been erased.
struct Scene {
    stage: Stage,
    folder: Folder,
    data_dir: DataDir,
    gone: Account,
}

impl Scene {
    async fn set() -> Self {
        let (stage, folder) = (Stage::set().await, Folder::new());
        let (data_dir, gone) = (stage.server.setup().data_dir, Account::register(&stage.server).await);
        live(&gone, "Gone").await;
        live(&stage.account, "Stays").await;
        let dir = folder.file("backups");
        backup_with(&stage.database, &data_dir, &dir, &[]).await;
        let arguments = ["admin", "erase", "--now", "--id", &gone.space().to_string()];
        let (exit, _, error) = run(&stage.database.url(), data_dir.path(), &arguments).await;
        assert_eq!(exit, 0, "{error}");
        backup_with(&stage.database, &data_dir, &dir, &["--full"]).await;
        Self { stage, folder, data_dir, gone }
    }

    fn dir(&self) -> std::path::PathBuf {
        self.folder.file("backups")
    }

    fn first(&self) -> String {
        names(&self.dir()).remove(0)
    }

    fn last(&self, file: &str) -> std::path::PathBuf {
        self.dir().join(names(&self.dir()).pop().unwrap()).join(file)
    }

    /// Restores the first backup, which still has everybody, into an empty database; who refuses, and how.
    async fn refused(&self, data_dir: &DataDir, more: &[&str]) -> String {
        let (target, first) = (Database::fresh().await, self.first());
        let dir = self.dir();
        let arguments = [&["restore", text(&dir), "--at", &first], more].concat();
        let (exit, said, error) = run(&target.url(), data_dir.path(), &arguments).await;
        assert_eq!(exit, 2, "{said}{error}");
        let sql = target.connect().await;
        for table in ["heads", "accounts", "erasures", "restores"] {
            assert_eq!(count(&sql, &format!("SELECT count(*) FROM {table}")).await, 0, "{table}: {error}");
        }
        error
    }

    /// Whether the erased one is there after a restore of the first.
    async fn comes_back(&self, data_dir: &DataDir, more: &[&str]) -> bool {
        let (target, first) = (Database::fresh().await, self.first());
        let dir = self.dir();
        restored(&target, data_dir, &[&[text(&dir), "--at", &first], more].concat()).await;
        let (sql, there) = (target.connect().await, "SELECT count(*) FROM accounts WHERE account_id = $1");
        assert_eq!(tables::count(&sql, there, self.stage.account.space()).await, 1);
        tables::count(&sql, there, self.gone.space()).await == 1
    }
}

fn add(path: &Path, text: &str) {
    let before = std::fs::read_to_string(path).unwrap();
    std::fs::write(path, before + text).unwrap();
}

#[tokio::test]
async fn a_list_that_is_named_has_to_be_one() {
    let scene = Scene::set().await;
    let error = scene.refused(&DataDir::fresh(), &["--erasures", "/nowhere/erasures.ndjson"]).await;
    assert!(error.contains("There is no list at /nowhere/erasures.ndjson"), "{error}");
    let list = scene.folder.file("list.ndjson");
    std::fs::copy(scene.data_dir.path().join("erasures.ndjson"), &list).unwrap();
    add(&list, "something else\n");
    // The list of a later backup does not help: it is lost, too.
    std::fs::remove_dir_all(scene.last("")).unwrap();
    let error = scene.refused(&DataDir::fresh(), &["--erasures", text(&list)]).await;
    assert!(error.contains("1 of its lines cannot be read") && error.contains(text(&list)), "{error}");
    let said_so = ["--erasures", text(&list), "--incomplete-erasures"];
    assert!(!scene.comes_back(&DataDir::fresh(), &said_so).await, "the lines that can be read count");
}

#[tokio::test]
async fn the_list_of_a_backup_that_was_changed_or_lost_ends_a_restore_until_somebody_says_otherwise() {
    let scene = Scene::set().await;
    let list = scene.last("erasures.ndjson");
    assert!(!scene.comes_back(&DataDir::fresh(), &[]).await);
    let whole = std::fs::read(&list).unwrap();
    std::fs::write(&list, "").unwrap();
    let error = scene.refused(&DataDir::fresh(), &[]).await;
    assert!(error.contains(text(&list)) && error.contains("would come back"), "{error}");
    std::fs::remove_file(&list).unwrap();
    assert!(scene.refused(&DataDir::fresh(), &[]).await.contains(text(&list)));
    assert!(scene.comes_back(&DataDir::fresh(), &["--incomplete-erasures"]).await);
    // That of the backup itself is a list like any other.
    std::fs::write(&list, whole).unwrap();
    let own = scene.dir().join(scene.first()).join("erasures.ndjson");
    std::fs::write(&own, "x\n").unwrap();
    assert!(scene.refused(&DataDir::fresh(), &[]).await.contains(text(&own)));
    assert!(!scene.comes_back(&DataDir::fresh(), &["--incomplete-erasures"]).await);
}

#[tokio::test]
async fn the_list_of_a_backup_without_a_manifest_counts_and_so_does_a_bad_line_in_ones_own() {
    let scene = Scene::set().await;
    std::fs::write(scene.last("manifest.json"), "no manifest").unwrap();
    assert!(!scene.comes_back(&DataDir::fresh(), &[]).await);
    std::fs::remove_file(scene.last("erasures.ndjson")).unwrap();
    assert!(scene.refused(&DataDir::fresh(), &[]).await.contains(text(&scene.last("erasures.ndjson"))));
    let own = DataDir::fresh();
    std::fs::create_dir_all(own.path()).unwrap();
    std::fs::remove_dir_all(scene.last("")).unwrap();
    std::fs::write(own.path().join("erasures.ndjson"), "no line\n").unwrap();
    assert!(scene.refused(&own, &[]).await.contains("1 of its lines cannot be read"));
}
