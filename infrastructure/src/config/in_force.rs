//! The settings as they are in force: read off the command line's own definition, so that the list is whole and a new setting
//! is on it by itself.

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};

/// One setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    /// Its variable.
    pub name: String,
    /// Its value; none of a secret, and of one that is not set.
    pub value: Option<String>,
    /// Whether it has a value.
    pub is_set: bool,
    /// Whether its value is never shown.
    pub is_secret: bool,
    /// Where the value comes from.
    pub from: Origin,
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// The environment.
    Environment,
    /// The command line.
    Flag,
}

impl Origin {
    /// The name that is shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Environment => "environment",
            Self::Flag => "flag",
        }
    }
}

/// Every setting of a subcommand (built, so that it has those of all) and what the command line and the environment made of it.
pub fn in_force(subcommand: &Command, matches: &ArgMatches) -> Vec<InForce> {
    let mut found: Vec<InForce> = subcommand.get_arguments().filter_map(|argument| one(argument, matches)).collect();
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found
}

fn one(argument: &Arg, matches: &ArgMatches) -> Option<InForce> {
    let name = argument.get_env()?.to_string_lossy().into_owned();
    let id = argument.get_id().as_str();
    let values = matches.try_get_raw(id).ok().flatten();
    let values: Vec<String> =
        values.into_iter().flatten().map(|value| value.to_string_lossy().trim().to_owned()).collect();
    let value = Some(values.join(",")).filter(|value| !value.is_empty());
    let from = match value.as_ref().and_then(|_| matches.value_source(id)) {
        Some(ValueSource::CommandLine) => Origin::Flag,
        Some(ValueSource::EnvVariable) => Origin::Environment,
        _ => Origin::Default,
    };
    let is_secret = argument.is_hide_env_values_set();
    Some(InForce { name, is_set: value.is_some(), value: value.filter(|_| !is_secret), is_secret, from })
}

#[cfg(test)]
mod tests {
    use clap::Args;

    use super::super::Serving;
    use super::*;

    fn settings(words: &[&str]) -> Vec<InForce> {
        let command = Serving::augment_args(Command::new("serve"));
        let matches = command.clone().try_get_matches_from([&["serve"], words].concat()).unwrap();
        in_force(&command, &matches)
    }

    fn named<'a>(settings: &'a [InForce], name: &str) -> &'a InForce {
        settings.iter().find(|setting| setting.name == name).unwrap()
    }

    #[test]
    fn each_setting_says_its_value_and_where_it_comes_from() {
        let settings = settings(&["--pool-size", "5", "--origins", "https://a.example,https://b.example"]);
        let pool = named(&settings, "LEVELUP_POOL_SIZE");
        assert_eq!((pool.value.as_deref(), pool.from), (Some("5"), Origin::Flag));
        let zone = named(&settings, "LEVELUP_TIME_ZONE");
        assert_eq!((zone.value.as_deref(), zone.from), (Some("UTC"), Origin::Default));
        assert_eq!(named(&settings, "LEVELUP_ORIGINS").value.as_deref(), Some("https://a.example,https://b.example"));
        assert!(!named(&settings, "LEVELUP_TLS_KEY").is_set);
    }

    #[test]
    fn a_secret_is_set_or_not_and_never_shown() {
        let settings = settings(&["--database-url", "postgres://me:secret@host/db"]);
        let url = named(&settings, "DATABASE_URL");
        assert_eq!((url.is_secret, url.is_set, url.value.as_deref(), url.from), (true, true, None, Origin::Flag));
        assert!(!format!("{settings:?}").contains("secret@"));
        let mail = named(&settings, "LEVELUP_SMTP_URL");
        assert_eq!((mail.is_secret, mail.is_set, mail.from), (true, false, Origin::Default));
    }
}
