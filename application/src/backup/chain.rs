//! Which backups belong together: a full one and the increments behind it, each of which names the one before it.

use super::manifest::Manifest;

/// A backup whose manifest was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// What it says of itself.
    pub manifest: Manifest,
    /// What that hashes to.
    pub sha256: String,
}

/// Which backup is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The newest.
    Newest,
    /// The one with this name.
    Named(String),
    /// The newest that was whole at a moment, ms.
    At(i64),
}

/// Why a backup cannot be restored as it lies there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// There is none.
    #[error("there is no backup")]
    None,
    /// There is none with this name.
    #[error("there is no backup {0}")]
    Unknown(String),
    /// All are younger.
    #[error("no backup was whole by then; the oldest is {0}")]
    TooEarly(String),
    /// An increment without the one that it goes on from.
    #[error("{name} goes on from {parent}, which is not there")]
    Parentless {
        /// The increment.
        name: String,
        /// What is missing.
        parent: String,
    },
    /// Another backup lies in the place of the one that it goes on from.
    #[error("{name} goes on from another {parent} than the one that is there")]
    OtherParent {
        /// The increment.
        name: String,
        /// What was exchanged.
        parent: String,
    },
}

/// The backup that is meant.
///
/// # Errors
/// There is none.
pub fn choose<'a>(all: &'a [Known], wanted: &Wanted) -> Result<&'a Known, Broken> {
    let newest = |found: Vec<&'a Known>| found.into_iter().max_by(|one, other| one.name().cmp(other.name()));
    let oldest = all.iter().min_by(|one, other| one.name().cmp(other.name())).ok_or(Broken::None);
    match wanted {
        Wanted::Newest => newest(all.iter().collect()).ok_or(Broken::None),
        Wanted::Named(name) => all.iter().find(|one| one.name() == name).ok_or_else(|| Broken::Unknown(name.clone())),
        Wanted::At(moment) => {
            let early = newest(all.iter().filter(|one| one.manifest.ended_at <= *moment).collect());
            match early {
                Some(found) => Ok(found),
                None => Err(Broken::TooEarly(oldest?.name().to_owned())),
            }
        }
    }
}

/// The chain that a backup ends: the full one first.
///
/// # Errors
/// One is missing, or is another.
pub fn chain<'a>(all: &'a [Known], last: &'a Known) -> Result<Vec<&'a Known>, Broken> {
    let mut found = vec![last];
    let mut at = last;
    while let Some(parent) = &at.manifest.parent {
        let (name, parent_name) = (at.name().to_owned(), parent.name.clone());
        // Names rise along a chain, so that this ends whatever the manifests say.
        let before = all.iter().find(|one| one.name() == parent.name && one.name() < at.name());
        let Some(before) = before else { return Err(Broken::Parentless { name, parent: parent_name }) };
        if before.sha256 != parent.sha256 {
            return Err(Broken::OtherParent { name, parent: parent_name });
        }
        found.push(before);
        at = before;
    }
    found.reverse();
    Ok(found)
}

impl Known {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.manifest.name
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::manifest::{Parent, VERSION, name};
    use super::*;

    pub(in super::super) fn known(at: i64, parent: Option<&Known>) -> Known {
        let manifest = Manifest {
            version: VERSION,
            name: name(at, parent.is_none()),
            parent: parent.map(|parent| Parent { name: parent.name().to_owned(), sha256: parent.sha256.clone() }),
            began_at: at,
            ended_at: at + 5,
            epoch: uuid::Uuid::from_u128(1),
            schema: 19,
            levelup: String::new(),
            spaces: 0,
            changed: 0,
            events: 0,
            positions: 0,
            accounts: 0,
            files: [].into(),
        };
        let sha256 = manifest.text().unwrap().1;
        Known { manifest, sha256 }
    }

    #[test]
    fn a_chain_begins_with_the_full_one() {
        let full = known(10, None);
        let one = known(20, Some(&full));
        let two = known(30, Some(&one));
        let all = [two.clone(), full.clone(), one.clone()];
        assert_eq!(chain(&all, &two).unwrap(), [&full, &one, &two]);
        assert_eq!(chain(&all, &full).unwrap(), [&full]);
    }

    #[test]
    fn a_chain_with_a_hole_or_an_exchanged_link_is_told() {
        let full = known(10, None);
        let one = known(20, Some(&full));
        let two = known(30, Some(&one));
        let holed = [full.clone(), two.clone()];
        let missing = Broken::Parentless { name: two.name().to_owned(), parent: one.name().to_owned() };
        assert_eq!(chain(&holed, &two), Err(missing));
        let mut other = full.clone();
        other.sha256 = "another".to_owned();
        let exchanged = [other, one.clone()];
        assert!(matches!(chain(&exchanged, &one), Err(Broken::OtherParent { .. })));
    }

    #[test]
    fn the_backup_of_a_moment_is_the_newest_that_was_whole() {
        let full = known(10, None);
        let one = known(20, Some(&full));
        let all = [one.clone(), full.clone()];
        assert_eq!(choose(&all, &Wanted::Newest), Ok(&one));
        assert_eq!(choose(&all, &Wanted::At(24)), Ok(&full));
        assert_eq!(choose(&all, &Wanted::At(25)), Ok(&one));
        assert_eq!(choose(&all, &Wanted::At(14)), Err(Broken::TooEarly(full.name().to_owned())));
        assert_eq!(choose(&[], &Wanted::Newest), Err(Broken::None));
        assert_eq!(choose(&all, &Wanted::Named("x".to_owned())), Err(Broken::Unknown("x".to_owned())));
    }
}
