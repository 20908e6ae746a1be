//! The projections that a rebuild knows: where a projection registers itself, with the version of its fold. Whoever changes
//! what the fold of a projection makes of the same events raises its version here; a start then sees that rows are older.

use std::collections::BTreeSet;

use domain::entity::Kind;

use crate::audit;

/// Where the rows of a projection come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The fold of the entities of a kind.
    Entities(Kind),
    /// The days of heroes and habits, a part of their fold.
    Days,
    /// What each event means to a log page.
    Activity,
    /// The log itself, read line by line by a projector of its own. Its rows are not folded and not compared: those of a space
    /// go, and are read again. It knows by itself which version made them, so it is built anew only when it is named.
    Projector,
}

/// A projection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Projection {
    /// Its name, which is that of its table.
    pub name: &'static str,
    /// The version of its fold.
    pub fold_version: i64,
    /// Where its rows come from.
    pub source: Source,
}

const fn entities(name: &'static str, kind: Kind, fold_version: i64) -> Projection {
    Projection { name, fold_version, source: Source::Entities(kind) }
}

/// Every projection.
pub const PROJECTIONS: &[Projection] = &[
    Projection { name: "activity", fold_version: 1, source: Source::Activity },
    Projection { name: audit::PROJECTION, fold_version: 1, source: Source::Projector },
    entities("conflicts", Kind::Conflict, 1),
    Projection { name: "days", fold_version: 1, source: Source::Days },
    entities("goals", Kind::Goal, 1),
    entities("heroes", Kind::Hero, 1),
    entities("milestones", Kind::Milestone, 1),
    entities("skills", Kind::Skill, 1),
    entities("tasks", Kind::Task, 1),
];

/// The projections whose rows a fold makes.
pub fn folded() -> impl Iterator<Item = &'static Projection> {
    PROJECTIONS.iter().filter(|one| one.source != Source::Projector)
}

/// Some projections, at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Projections(BTreeSet<&'static str>);

impl Projections {
    /// All that are folded.
    pub fn all() -> Self {
        Self(folded().map(|projection| projection.name).collect())
    }

    /// One or several by name; the name that is none of a projection, otherwise.
    ///
    /// # Errors
    /// A name that is unknown.
    pub fn named<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, &'a str> {
        let known = |name| PROJECTIONS.iter().find(|one| one.name == name).map(|one| one.name).ok_or(name);
        let found: BTreeSet<&'static str> = names.into_iter().map(known).collect::<Result<_, _>>()?;
        Ok(if found.is_empty() { Self::all() } else { Self(found) })
    }

    /// Whether a projection is among them.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// Whether they are all that are folded.
    pub fn are_all(&self) -> bool {
        *self == Self::all()
    }

    /// Their names, in order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().copied()
    }

    /// Those whose rows a fold makes, each with the version of that.
    pub fn folds(&self) -> impl Iterator<Item = (&'static str, i64)> {
        folded().filter(|one| self.has(one.name)).map(|one| (one.name, one.fold_version))
    }

    /// Each with the version of its fold.
    pub fn versions(&self) -> impl Iterator<Item = (&'static str, i64)> {
        PROJECTIONS.iter().filter(|one| self.has(one.name)).map(|one| (one.name, one.fold_version))
    }
}

impl Default for Projections {
    fn default() -> Self {
        Self::all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_registered_under_the_name_of_its_table_and_names_are_in_order() {
        for kind in Kind::ALL {
            let registered = PROJECTIONS.iter().filter(|one| one.source == Source::Entities(*kind));
            assert_eq!(registered.map(|one| one.name).collect::<Vec<_>>(), [kind.table()]);
        }
        assert!(PROJECTIONS.is_sorted_by(|one, next| one.name < next.name));
        assert!(PROJECTIONS.iter().all(|one| one.fold_version > 0), "version 0 means that it was never built");
    }

    #[test]
    fn a_name_that_is_none_is_told_and_no_name_means_all() {
        assert_eq!(Projections::named(["tasks", "dreams"]), Err("dreams"));
        assert!(Projections::named([]).unwrap().are_all());
        let some = Projections::named(["tasks", "days", "tasks"]).unwrap();
        assert_eq!(some.names().collect::<Vec<_>>(), ["days", "tasks"]);
        assert!(!some.are_all() && some.has("days") && !some.has("goals"));
        assert!(!Projections::all().has(audit::PROJECTION), "only who names it makes it anew");
        assert!(Projections::named([audit::PROJECTION]).unwrap().has(audit::PROJECTION));
    }
}
