//! The walk through steps: one at a time, by keys.

use std::io::{IsTerminal, Write, stdin, stdout};

use super::super::CliError;
use super::super::terminal::paint::{Paint, Tone};
use super::desk::Desk;
use super::key::Key;
use super::show;

const KEYS: &str = "n(ext), p(revious), g(o to) <position or instant>, s(tate), q(uit)";

/// Whether somebody is there to press keys.
pub(super) fn is_possible() -> bool {
    stdin().is_terminal()
}

/// Walks from a position until the person has seen enough.
pub(super) async fn walk(desk: &Desk, mut position: i64, paint: Paint) -> Result<(), CliError> {
    loop {
        let (page, steps) = desk.page(position, 1).await?;
        match steps.first() {
            Some(step) => println!("{}", show::step(step, paint)),
            None => println!("{}", paint.paint(Tone::Quiet, "there is no step here")),
        }
        position = loop {
            let Some(key) = key(paint).await else { return Ok(()) };
            match key {
                Key::Quit => return Ok(()),
                Key::Next if page.next.is_some() => break page.next.unwrap_or_default(),
                Key::Previous if page.previous.is_some() => break page.previous.unwrap_or_default(),
                Key::Next => println!("this is the last step; the log ends at #{}", page.head),
                Key::Previous => println!("this is the first step"),
                Key::State => steps.iter().for_each(|step| println!("{}", show::state(step, paint))),
                Key::Help => println!("{KEYS}"),
                Key::GoTo(moment) => match desk.moment(&moment).await {
                    Ok(position) => break position,
                    Err(error) => println!("{error}"),
                },
            }
        };
    }
}

/// The next key; none at the end of the input.
async fn key(paint: Paint) -> Option<Key> {
    print!("{} ", paint.paint(Tone::Quiet, "[n p g s q]"));
    let _ = stdout().flush();
    let line = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        stdin().read_line(&mut line).ok().filter(|bytes| *bytes > 0).map(|_| line)
    });
    line.await.ok().flatten().map(|line| Key::read(&line))
}
