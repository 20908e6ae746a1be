//! A goal out of a description, without anybody's intelligence: the first line is its title, the whole its description, and
//! three steps lead to it.

use domain::entity::text::numbered_rank;
use serde_json::{Map, Value, json};

use super::words::{lacking, note, title};
use crate::problem::Problem;

const DESCRIPTION: &str = "description";
const EXP_REWARD: i64 = 100;
/// Start, halfway, done: in the language of the app.
const STEPS: [(&str, &str); 3] = [
    ("迈出第一步", "准备好所需的一切，并开始行动"),
    ("完成一半", "走过一半的路程，回顾并调整计划"),
    ("达成目标", "完成剩下的部分，庆祝成果"),
];

/// A goal that was described.
#[derive(Debug)]
pub struct Described {
    /// Its fields.
    pub goal: Map<String, Value>,
    /// The fields of the steps to it, in order.
    pub steps: Vec<Map<String, Value>>,
}

/// The fields of the goal that a body describes, and of its steps.
///
/// # Errors
/// `fields_invalid`: nothing is described.
pub fn described(body: &Map<String, Value>) -> Result<Described, Problem> {
    let text = body.get(DESCRIPTION).and_then(Value::as_str).unwrap_or_default();
    let first = text.lines().map(str::trim).find_map(|line| title(&line.into()));
    let first = first.ok_or_else(|| lacking(DESCRIPTION))?;
    let description = note(&text.trim().into());
    let fields = json!({ "title": first, "description": description, "exp_reward": EXP_REWARD });
    let step = |((title, description), number)| {
        let rank = numbered_rank(number);
        json!({ "title": title, "description": description, "rank": rank })
    };
    let steps = STEPS.into_iter().zip(0..).map(step);
    Ok(Described { goal: members(fields), steps: steps.map(members).collect() })
}

fn members(value: Value) -> Map<String, Value> {
    if let Value::Object(members) = value { members } else { Map::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_says_something_is_the_title() {
        let Described { goal, steps } =
            described(&members(json!({ "description": "\n  Run a marathon \nbefore autumn\n" }))).unwrap();
        let expected =
            json!({ "title": "Run a marathon", "description": "Run a marathon \nbefore autumn", "exp_reward": 100 });
        assert_eq!(Value::Object(goal), expected);
        let ranks: Vec<Value> = steps.iter().map(|step| step["rank"].clone()).collect();
        assert_eq!(ranks, [0, 1, 2].map(numbered_rank));
        let Described { goal, .. } = described(&members(json!({ "description": "跑".repeat(5_000) }))).unwrap();
        let lengths = ["title", "description"].map(|field| goal[field].as_str().unwrap().chars().count());
        assert_eq!(lengths, [200, 2_000]);
    }

    #[test]
    fn nothing_described_is_refused() {
        for body in
            [json!({}), json!({ "description": null }), json!({ "description": " \n\0" }), json!({ "description": 7 })]
        {
            assert_eq!(described(&members(body)).unwrap_err().code(), "fields_invalid");
        }
    }
}
