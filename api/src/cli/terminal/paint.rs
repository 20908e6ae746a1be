//! Colour for terminals that want it.

use std::io::IsTerminal;

/// Whether to colour, decided once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paint {
    on: bool,
}

/// What a piece of text is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Tone {
    /// Something that came.
    New,
    /// Something that changed.
    Changed,
    /// Something that went.
    Gone,
    /// Beside the point.
    Quiet,
    /// The name of the thing.
    Title,
}

impl Paint {
    /// For standard output: colours on a terminal, unless `NO_COLOR` is set (no-color.org).
    pub(crate) fn for_stdout() -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { on: std::io::stdout().is_terminal() && !refused }
    }

    /// Without colour.
    #[cfg(test)]
    pub(crate) fn off() -> Self {
        Self { on: false }
    }

    /// `text` in its tone.
    pub(crate) fn paint(self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::New => "32",
            Tone::Changed => "33",
            Tone::Gone => "31",
            Tone::Quiet => "2",
            Tone::Title => "1",
        };
        if self.on { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
