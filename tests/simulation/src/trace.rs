//! What happened, line by line, for whoever has to find out why a seed failed. Kept only when asked for.

/// The lines of a run.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    lines: Option<Vec<String>>,
}

impl Trace {
    pub(crate) fn kept() -> Self {
        Self { lines: Some(Vec::new()) }
    }

    /// Notes a line; it is only made if it is kept.
    pub(crate) fn note(&mut self, now: i64, line: impl FnOnce() -> String) {
        if let Some(lines) = &mut self.lines {
            lines.push(format!("{:>12.3}  {}", (now - crate::world::BEGINNING) as f64 / 1_000.0, line()));
        }
    }

    pub(crate) fn into_lines(self) -> Vec<String> {
        self.lines.unwrap_or_default()
    }
}
