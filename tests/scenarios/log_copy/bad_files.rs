//! Files that are no whole, sound export: each is refused with a sentence that says where, and nothing of it is written.

use std::io::Write;
use std::path::Path;

use serde_json::Value;
use support::{Account, Database, tables};

use super::{Folder, count, exported, levelup, live, text};
use crate::stage::Stage;

/// A file that has to be refused; what was said.
async fn refused(target: &Database, file: &Path) -> String {
    let sql = target.connect().await;
    let before = tables::footprint(&sql).await;
    for more in [&["--check"][..], &[]] {
        let (exit, said, error) = levelup(target, &[&["import", text(file)], more].concat()).await;
        assert_eq!(exit, 2, "{said}{error}");
        assert!(!error.contains("panicked"), "{error}");
        assert_eq!(tables::footprint(&sql).await, before, "{error}");
        assert_eq!(count(&sql, "SELECT count(*) FROM log_imports").await, 0);
    }
    levelup(target, &["import", text(file), "--check"]).await.2
}

/// The lines of an export of two lives.
async fn lines(folder: &Folder) -> Vec<String> {
    let stage = Stage::set().await;
    live(&stage.account, "First").await;
    live(&Account::register(&stage.server).await, "Second").await;
    let bytes = exported(&stage.database, &folder.file("good.ndjson"), &["--with-accounts"]).await;
    String::from_utf8(bytes).unwrap().lines().map(str::to_owned).collect()
}

/// The first line of a kind, from 0.
fn first(lines: &[String], kind: &str) -> usize {
    lines.iter().position(|line| line.starts_with(&format!("{{\"{kind}\""))).unwrap()
}

/// The line with one part of its row replaced.
fn changed(line: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut value: Value = serde_json::from_str(line).unwrap();
    change(value.as_object_mut().unwrap().values_mut().next().unwrap());
    value.to_string()
}

/// A fault: its name, what makes it, and what is said of it.
type Fault = (&'static str, Box<dyn Fn(&mut Vec<String>)>, String);

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a list, one entry for each fault")]
async fn every_line_that_is_changed_moved_or_missing_is_found() {
    let (target, folder) = (Database::fresh().await, Folder::new());
    let good = lines(&folder).await;
    let (event, receipt, device) = (first(&good, "event"), first(&good, "receipt"), first(&good, "device"));
    let (space, end, account) = (first(&good, "space"), first(&good, "space_end"), first(&good, "account"));
    let bad: Vec<Fault> = vec![
        (
            "cut between lines",
            Box::new(move |lines| lines.truncate(event + 3)),
            format!("line {}: the file ends here", event + 4),
        ),
        ("without its last line", Box::new(|lines| drop(lines.pop())), "the file ends here".into()),
        ("empty", Box::new(Vec::clear), "line 1: the file ends here".into()),
        (
            "not an export",
            Box::new(|lines| lines[0] = "{\"state\":{}}".into()),
            "line 1: this is no export of logs".into(),
        ),
        ("headless", Box::new(|lines| drop(lines.remove(0))), "line 1: this is no export of logs".into()),
        (
            "two headers",
            Box::new(|lines| lines.insert(1, lines[0].clone())),
            "line 2: a line `levelup_log` cannot stand".into(),
        ),
        (
            "of another version",
            Box::new(|lines| lines[0] = changed(&lines[0], |row| row["version"] = 2.into())),
            "line 1: the export has version 2".into(),
        ),
        (
            "of a newer schema",
            Box::new(|lines| lines[0] = changed(&lines[0], |row| row["schema"] = 9_999.into())),
            "schema 9999".into(),
        ),
        (
            "a changed payload",
            Box::new(move |lines| lines[event + 8] = changed(&lines[event + 8], |row| row["payload"]["x"] = 1.into())),
            format!("line {}:", event + 9),
        ),
        (
            "a changed column",
            Box::new(move |lines| {
                lines[event + 1] = changed(&lines[event + 1], |row| row["event_version"] = "9".into())
            }),
            "the hash does not follow".into(),
        ),
        ("a missing event", Box::new(move |lines| drop(lines.remove(event + 2))), format!("line {}:", event + 3)),
        ("events exchanged", Box::new(move |lines| lines.swap(event + 1, event + 2)), format!("line {}:", event + 2)),
        (
            "a missing receipt",
            Box::new(move |lines| drop(lines.remove(receipt))),
            "its receipts are not about exactly its events".into(),
        ),
        (
            "a receipt of another span",
            Box::new(move |lines| lines[receipt] = changed(&lines[receipt], |row| row["last_position"] = 9_999.into())),
            "it spans positions that are not its own".into(),
        ),
        (
            "receipts exchanged",
            Box::new(move |lines| lines.swap(receipt, receipt + 1)),
            "comes twice or out of order".into(),
        ),
        (
            "a device twice",
            Box::new(move |lines| lines.insert(device, lines[device].clone())),
            "comes twice or out of order".into(),
        ),
        (
            "a device that was changed",
            Box::new(move |lines| lines[device] = changed(&lines[device], |row| row["last_ms"] = 7.into())),
            "the SHA-256 of its lines".into(),
        ),
        (
            "fields that were changed",
            Box::new(move |lines| lines[event] = changed(&lines[event], |row| row["fields"]["x"] = 1.into())),
            "the SHA-256 of its lines".into(),
        ),
        (
            "an unknown column",
            Box::new(move |lines| lines[device] = changed(&lines[device], |row| row["extra"] = 7.into())),
            "an unknown column \"extra\"".into(),
        ),
        (
            "a missing column",
            Box::new(move |lines| {
                lines[space] = changed(&lines[space], |row| drop(row.as_object_mut().unwrap().remove("hash")))
            }),
            "missing field `hash`".into(),
        ),
        (
            "NUL in a text",
            Box::new(move |lines| lines[event] = changed(&lines[event], |row| row["fields"]["x"] = "a\0b".into())),
            "the character NUL".into(),
        ),
        (
            "an account inside of a space",
            Box::new(move |lines| lines.insert(end, lines[account].clone())),
            "a line `account` cannot stand inside of a space".into(),
        ),
        (
            "a line of an unknown kind",
            Box::new(move |lines| lines.insert(end, "{\"surprise\":1}".into())),
            "unknown variant".into(),
        ),
        (
            "an empty line",
            Box::new(move |lines| lines.insert(end, String::new())),
            format!("line {}: this is no line of an export", end + 1),
        ),
        (
            "a line behind the last",
            Box::new(|lines| lines.push(lines[0].clone())),
            "cannot stand behind the first line".into(),
        ),
        (
            "a count that is wrong",
            Box::new(move |lines| lines[end] = changed(&lines[end], |row| row["events"] = 1.into())),
            "the count of its lines should be".into(),
        ),
        (
            "a head that is further",
            Box::new(move |lines| lines[space] = changed(&lines[space], |row| row["position"] = 99_999.into())),
            "the head's position is not that of the last event".into(),
        ),
    ];
    for (what, change, said) in bad {
        let mut lines = good.clone();
        change(&mut lines);
        let file = folder.file("bad.ndjson");
        std::fs::write(&file, lines.iter().map(|line| format!("{line}\n")).collect::<String>()).unwrap();
        let error = refused(&target, &file).await;
        assert!(error.contains(&said), "{what}: {error}");
    }
}

#[tokio::test]
async fn hostile_sizes_are_refused_without_the_memory_for_them() {
    let (target, folder) = (Database::fresh().await, Folder::new());
    let good = lines(&folder).await;
    let header = format!("{}\n", good[0]);
    let file = folder.file("bad");
    // A file of a gibibyte without a line's end, which takes no room on the disk.
    let long = std::fs::File::create(&file).unwrap();
    (&long).write_all(header.as_bytes()).unwrap();
    long.set_len(1 << 30).unwrap();
    assert!(refused(&target, &file).await.contains("line 2: longer than 8388608 bytes"));
    // The same, packed into some kilobytes.
    let mut bomb = zstd::Encoder::new(Vec::new(), 3).unwrap();
    bomb.write_all(header.as_bytes()).unwrap();
    let piece = vec![b' '; 1 << 20];
    (0..256).for_each(|_| bomb.write_all(&piece).unwrap());
    std::fs::write(&file, bomb.finish().unwrap()).unwrap();
    assert!(std::fs::metadata(&file).unwrap().len() < 64 * 1024);
    assert!(refused(&target, &file).await.contains("line 2: longer than 8388608 bytes"));
    // Nothing but ends of lines.
    std::fs::write(&file, format!("{header}{}", "\n".repeat(1_000_000))).unwrap();
    assert!(refused(&target, &file).await.contains("line 2: this is no line of an export"));
    // A value in a value in a value.
    let deep = format!("{header}{{\"space\":{}{}}}\n", "[".repeat(100_000), "]".repeat(100_000));
    std::fs::write(&file, deep).unwrap();
    assert!(refused(&target, &file).await.contains("line 2: "));
    std::fs::write(&file, [header.as_bytes(), b"\xff\xfe\n"].concat()).unwrap();
    assert!(refused(&target, &file).await.contains("line 2: this is not UTF-8"));
}

#[tokio::test]
async fn a_compressed_file_that_was_cut_or_damaged_is_refused() {
    let (target, folder) = (Database::fresh().await, Folder::new());
    let whole = lines(&folder).await.iter().map(|line| format!("{line}\n")).collect::<String>();
    let packed = zstd::encode_all(whole.as_bytes(), 3).unwrap();
    let file = folder.file("bad.zst");
    std::fs::write(&file, &packed[..packed.len() / 2]).unwrap();
    assert!(refused(&target, &file).await.contains("the file ends here"));
    let mut damaged = packed.clone();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 64].fill(0xAA);
    std::fs::write(&file, damaged).unwrap();
    assert!(refused(&target, &file).await.contains("line "));
    let (exit, _, error) = levelup(&target, &["import", "/nowhere/at/all"]).await;
    assert_eq!(exit, 2, "{error}");
}
