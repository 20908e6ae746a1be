//! `levelup merge --stdin`: cases of the merge in, a line each, and what each ends in out, a line each. For checking
//! another implementation of the rules against this one; `tests/cases/merge/README.md` has the format.

use std::io::{BufRead, Read, Write};

use clap::Args;
use infrastructure::merge_cases::{Case, CaseError, merge};
use serde_json::{Value, json};

use super::{CliError, Exit};

/// Bytes of one line.
const LINE_BYTES_MAX: u64 = 1_048_576;

/// What `levelup merge` is told.
#[derive(Args, Debug)]
pub struct MergeArgs {
    /// Read cases from the standard input, one JSON object a line
    #[arg(long, required = true)]
    pub stdin: bool,
}

/// How the lines fared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Lines with a case on them.
    pub lines: usize,
    /// Lines that are no case, or cannot be played.
    pub refused: usize,
    /// Cases that end differently in different orders.
    pub differing: usize,
}

/// Merges every line of the standard input.
pub async fn run(_args: MergeArgs) -> Result<(), CliError> {
    let tally = lines(std::io::stdin().lock(), std::io::stdout()).await.map_err(|error| {
        let next = "Give the cases on the standard input and keep the reader of the output open.";
        CliError::new(Exit::Environment, format!("the lines could not be read or answered: {error}"), next)
    })?;
    verdict(tally)
}

/// Answers each line of `input` with one line: the result, or `{line, name, error: {code, detail}}`.
///
/// # Errors
/// Input or output broke off.
pub async fn lines(mut input: impl BufRead, mut output: impl Write) -> std::io::Result<Tally> {
    let mut tally = Tally::default();
    let mut bytes = Vec::new();
    for number in 1.. {
        bytes.clear();
        if input.by_ref().take(LINE_BYTES_MAX + 1).read_until(b'\n', &mut bytes)? == 0 {
            break;
        }
        let too_long = bytes.len() as u64 > LINE_BYTES_MAX && bytes.last() != Some(&b'\n');
        if too_long {
            input.skip_until(b'\n')?;
        } else if bytes.trim_ascii().is_empty() {
            continue;
        }
        tally.lines += 1;
        let answer = match answer(&bytes, too_long).await {
            Ok(result) => {
                tally.differing += usize::from(result.get("differs").is_some());
                result
            }
            Err(error) => {
                tally.refused += 1;
                json!({ "line": number, "error": { "code": error.code(), "detail": error.to_string() } })
            }
        };
        writeln!(output, "{answer}")?;
    }
    output.flush()?;
    Ok(tally)
}

async fn answer(bytes: &[u8], too_long: bool) -> Result<Value, CaseError> {
    if too_long {
        return Err(CaseError::Unreadable(format!("the line has more than {LINE_BYTES_MAX} bytes")));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| CaseError::Unreadable(error.to_string()))?;
    merge(&Case::read(text)?).await
}

fn verdict(tally: Tally) -> Result<(), CliError> {
    let Tally { lines, refused, differing } = tally;
    if differing > 0 {
        let next = "Their lines carry `differs` with two orders and both ends; this is a bug of the merge.";
        let sentence = format!("{differing} of {lines} cases end differently in different orders");
        return Err(CliError::new(Exit::Difference, sentence, next));
    }
    if refused > 0 {
        let next = "Their lines carry `error` with a code and a sentence; see tests/cases/merge/README.md.";
        return Err(CliError::new(Exit::Usage, format!("{refused} of {lines} lines could not be merged"), next));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASE: &str = r#"{"name":"a task is made","now":1782907200000,"devices":{"phone":{"id":"00000000-0000-7000-8000-00000000000a","base":null,"transactions":[{"commands":[{"type":"task.create","id":"00000000-0000-7000-8000-000000000101","at":1782907200000,"data":{"title":"Read"}}]}]}}}"#;

    async fn answered(input: &str) -> (Tally, Vec<Value>) {
        let mut output = Vec::new();
        let tally = lines(input.as_bytes(), &mut output).await.unwrap();
        let output = String::from_utf8(output).unwrap();
        (tally, output.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
    }

    #[tokio::test]
    async fn each_line_is_answered_by_one_line() {
        let (tally, answers) = answered(&format!("{CASE}\n\n{CASE}")).await;
        assert_eq!(tally, Tally { lines: 2, refused: 0, differing: 0 });
        assert_eq!(answers[0], answers[1]);
        let task = &answers[0]["entities"]["task"]["00000000-0000-7000-8000-000000000101"];
        assert_eq!((&task["title"], &task["deleted"]), (&json!("Read"), &json!(false)));
        assert_eq!(answers[0]["outcomes"], json!({ "phone": [[{ "outcome": "applied" }]] }));
    }

    #[tokio::test]
    async fn a_bad_line_is_named_and_the_next_is_merged() {
        let long = "x".repeat(LINE_BYTES_MAX as usize + 5);
        let strange = CASE.replace("\"base\":null", "\"base\":\"nowhere\"");
        let input =
            format!("{{\n{long}\n{strange}\n{{\"name\":\"x\",\"now\":1,\"devices\":{{}},\"surprise\":1}}\n{CASE}");
        let (tally, answers) = answered(&input).await;
        assert_eq!(tally, Tally { lines: 5, refused: 4, differing: 0 });
        let codes: Vec<&Value> = answers.iter().map(|answer| &answer["error"]["code"]).collect();
        assert_eq!(
            codes,
            ["case_unreadable", "case_unreadable", "point_unknown", "case_unreadable", ""]
                .map(|code| { if code.is_empty() { Value::Null } else { json!(code) } })
                .iter()
                .collect::<Vec<_>>()
        );
        assert_eq!(answers[2]["line"], 3);
        assert_eq!(verdict(tally).unwrap_err().exit_code, Exit::Usage as u8);
    }
}
