//! The file of labelled transactions, one JSON object a line, read and checked before anything is sent.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::super::error::{CliError, Exit};

/// One transaction of the wanted account.
#[derive(Debug)]
pub(super) struct Line {
    /// Its number in the file, from 1.
    pub number: usize,
    /// The file's label of the device that made it; some files have one device only and no label.
    pub device: Option<String>,
    /// Its id.
    pub transaction_id: Uuid,
    /// The transaction as the protocol wants it: the line without the file's labels.
    pub body: Box<RawValue>,
}

/// The lines of `account` in the file's order. Every line is checked, also those of other accounts.
pub(super) fn read(path: &Path, account: &str) -> Result<Vec<Line>, CliError> {
    let file = File::open(path).map_err(|error| {
        let sentence = format!("{} cannot be read: {error}.", path.display());
        CliError::new(Exit::Usage, sentence, "Check the path and who may read it.")
    })?;
    let mut labels = BTreeSet::new();
    let mut lines = Vec::new();
    for (index, text) in BufReader::new(file).lines().enumerate() {
        let number = index + 1;
        let wrong = |why: String| unusable(format!("Line {number} of {} is not a transaction: {why}.", path.display()));
        let text = text.map_err(|error| wrong(error.to_string()))?;
        if text.trim().is_empty() {
            continue;
        }
        let (label, line) = parse(number, &text).map_err(wrong)?;
        if label == account {
            lines.push(line);
        }
        labels.insert(label);
    }
    if lines.is_empty() { Err(unknown_label(path, account, &labels)) } else { Ok(lines) }
}

/// A line's account label and its transaction.
fn parse(number: usize, text: &str) -> Result<(String, Line), String> {
    let mut members: Map<String, Value> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let account = match members.remove("account") {
        Some(Value::String(label)) => label,
        Some(_) => return Err("`account` is not a text".into()),
        None => return Err("`account` is missing".into()),
    };
    let device = match members.remove("device") {
        None | Some(Value::Null) => None,
        Some(Value::String(label)) => Some(label),
        Some(_) => return Err("`device` is not a text".into()),
    };
    let id = members.get("transaction_id").ok_or("`transaction_id` is missing")?;
    let transaction_id =
        id.as_str().and_then(|id| id.parse().ok()).ok_or("`transaction_id` is not a UUID".to_owned())?;
    match members.get("commands") {
        Some(Value::Array(commands)) if !commands.is_empty() => {}
        Some(Value::Array(_)) => return Err("`commands` is empty".into()),
        Some(_) => return Err("`commands` is not a list".into()),
        None => return Err("`commands` is missing".into()),
    }
    let body = to_raw_value(&members).map_err(|error| error.to_string())?;
    Ok((account, Line { number, device, transaction_id, body }))
}

fn unusable(sentence: String) -> CliError {
    let next = "Give one JSON object a line with account, device (optional), transaction_id and commands.";
    CliError::new(Exit::Usage, sentence, next)
}

fn unknown_label(path: &Path, account: &str, labels: &BTreeSet<String>) -> CliError {
    if labels.is_empty() {
        return unusable(format!("{} holds no transactions.", path.display()));
    }
    let known: Vec<&str> = labels.iter().map(String::as_str).take(20).collect();
    CliError::new(
        Exit::Usage,
        format!("{} holds no transactions of an account labelled {account}.", path.display()),
        format!("Pass --account with one of: {}.", known.join(", ")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01a1705b-6400-7ac5-8553-b54412093d26";

    fn written(name: &str, text: &str) -> std::path::PathBuf {
        let path = std::env::temp_dir().join(format!("levelup-push-{}-{name}.ndjson", std::process::id()));
        std::fs::write(&path, text).unwrap();
        path
    }

    #[test]
    fn a_line_loses_the_files_labels_and_nothing_else() {
        let text =
            format!(r#"{{"account":"a","device":"A","transaction_id":"{ID}","commands":[{{"x":1}}],"new":[1.5]}}"#);
        let (account, line) = parse(3, &text).unwrap();
        assert_eq!((account.as_str(), line.device.as_deref(), line.number), ("a", Some("A"), 3));
        let body: Value = serde_json::from_str(line.body.get()).unwrap();
        assert_eq!(body, serde_json::json!({ "transaction_id": ID, "commands": [{ "x": 1 }], "new": [1.5] }));
    }

    #[test]
    fn a_bad_line_is_named_with_its_number_and_fault() {
        let good = format!(r#"{{"account":"a","transaction_id":"{ID}","commands":[1]}}"#);
        let path = written("bad", &format!("{good}\n\n{{\"account\":\"b\",\"commands\":[1]}}\n"));
        let error = read(&path, "a").unwrap_err();
        assert!(error.sentence.contains("Line 3"), "{}", error.sentence);
        assert!(error.sentence.contains("`transaction_id` is missing"), "{}", error.sentence);
    }

    #[test]
    fn an_unknown_label_gets_the_list_of_known_ones() {
        let line = |label| format!(r#"{{"account":"{label}","transaction_id":"{ID}","commands":[1]}}"#);
        let path = written("labels", &format!("{}\n{}\n", line("heavy"), line("light")));
        assert_eq!(read(&path, "light").unwrap().len(), 1);
        assert_eq!(
            read(&path, "lihgt").unwrap_err().next.as_deref(),
            Some("Pass --account with one of: heavy, light.")
        );
    }
}
