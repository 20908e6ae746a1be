//! What a task is like, by the words that describe it.

/// Words that speak of a habit.
const HABIT_WORDS: [&str; 3] = ["每天", "坚持", "养成"];
/// From more UTF-16 units than this on it is hard.
const HARD_ABOVE: usize = 50;
/// From more than this on it is of medium difficulty.
const MEDIUM_ABOVE: usize = 20;

/// What a description says of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Classified {
    /// `habit` or `todo`.
    pub(super) category: &'static str,
    /// How hard it is.
    pub(super) difficulty: &'static str,
}

/// What a description says, by its words and its length as it was written.
pub(super) fn classify(description: &str) -> Classified {
    let is_habit = HABIT_WORDS.iter().any(|word| description.contains(word));
    let difficulty = match description.encode_utf16().count() {
        length if length > HARD_ABOVE => "hard",
        length if length > MEDIUM_ABOVE => "medium",
        _ => "easy",
    };
    Classified { category: if is_habit { "habit" } else { "todo" }, difficulty }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_tell_habits_and_length_tells_how_hard_it_is() {
        for (description, category, difficulty) in [
            ("跑步".to_owned(), "todo", "easy"),
            ("每天跑步".to_owned(), "habit", "easy"),
            ("坚持早睡".to_owned(), "habit", "easy"),
            ("养成读书的习惯".to_owned(), "habit", "easy"),
            ("x".repeat(20), "todo", "easy"),
            ("x".repeat(21), "todo", "medium"),
            ("x".repeat(50), "todo", "medium"),
            ("x".repeat(51), "todo", "hard"),
            // Two UTF-16 units each, and white space counts.
            ("😀".repeat(11), "todo", "medium"),
            ("读".repeat(11), "todo", "easy"),
            (format!("run{}", " ".repeat(48)), "todo", "hard"),
        ] {
            assert_eq!(classify(&description), Classified { category, difficulty }, "{description:?}");
        }
    }
}
