//! The settings at the end of `levelup help`, read off the command line's own definition so that the list is whole.

use std::fmt::Write;

use clap::{Arg, Command};

/// One line per variable that any subcommand reads, with its default.
pub(super) fn text(cli: &Command) -> String {
    let mut seen = Vec::new();
    let mut text = "Settings (each also by a flag, see `levelup help <COMMAND>`; a flag wins):\n".to_owned();
    let everywhere = cli.get_subcommands().flat_map(Command::get_arguments).chain(cli.get_arguments());
    for argument in everywhere {
        let Some(variable) = argument.get_env().map(|name| name.to_string_lossy().into_owned()) else { continue };
        if seen.contains(&variable) {
            continue;
        }
        // A string never fails to take more.
        let _ = writeln!(text, "  {variable:<19} {}{}", help(argument), default(argument));
        seen.push(variable);
    }
    text
}

fn help(argument: &Arg) -> String {
    argument.get_help().map(ToString::to_string).unwrap_or_default()
}

fn default(argument: &Arg) -> String {
    let values: Vec<_> = argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    let value = values.join(" ");
    if value.is_empty() { String::new() } else { format!(" [default: {value}]") }
}
