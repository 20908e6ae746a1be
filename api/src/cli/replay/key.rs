//! The keys of the walk through steps, each a line.

/// What the person wants to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// The next step.
    Next,
    /// The step before.
    Previous,
    /// The step at a moment.
    GoTo(String),
    /// The whole entity after this step.
    State,
    /// Nothing more.
    Quit,
    /// Which keys there are.
    Help,
}

impl Key {
    /// Reads a line.
    pub(super) fn read(line: &str) -> Self {
        let line = line.trim();
        let (key, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        match (key, rest.trim()) {
            ("" | "n", "") => Self::Next,
            ("p", "") => Self::Previous,
            ("s", "") => Self::State,
            ("q", "") => Self::Quit,
            ("g", moment) if !moment.is_empty() => Self::GoTo(moment.to_owned()),
            _ => Self::Help,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_key() {
        let keys = [("", Key::Next), (" n\n", Key::Next), ("p", Key::Previous), ("s", Key::State), ("q", Key::Quit)];
        for (line, key) in keys {
            assert_eq!(Key::read(line), key, "{line:?}");
        }
        assert_eq!(Key::read("g  12 \n"), Key::GoTo("12".to_owned()));
        assert_eq!(Key::read("g 2026-10-24T12:00:00Z"), Key::GoTo("2026-10-24T12:00:00Z".to_owned()));
        for line in ["g", "x", "n 3", "quit"] {
            assert_eq!(Key::read(line), Key::Help, "{line:?}");
        }
    }
}
