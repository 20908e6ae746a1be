//! The statements whose text depends on the registry and the catalog: written once, at the start.

use std::collections::BTreeMap;

use domain::entity::Kind;
use domain::entity::registry::referring;

use super::super::catalog::{Catalog, Table};
use crate::config::GroupScope;

/// The number of the first parameter after those of `append.sql`.
const FIRST_PROJECTION_PARAMETER: usize = 42;

/// Statements written from templates.
#[derive(Debug)]
pub(super) struct Statements {
    /// Loads receipts, the version vector and hashes of the chain.
    pub(super) receipts: String,
    pub(super) devices: String,
    pub(super) bases: String,
    /// Loads entities of a kind by id.
    pub(super) entities: BTreeMap<Kind, String>,
    /// Loads what refers to entities of a kind: the kind that it finds, and the statement.
    pub(super) referrers: BTreeMap<Kind, Vec<(Kind, String)>>,
    tables: BTreeMap<Kind, Table>,
    days: Table,
    activity: Table,
    rejections: Table,
    scope: GroupScope,
}

/// What a group append writes beside the rows of entities.
#[derive(Clone, Copy, Debug)]
pub(super) struct Beside {
    pub(super) days: bool,
    pub(super) activity: bool,
    pub(super) rejections: bool,
}

impl Statements {
    pub(super) fn new(catalog: &Catalog, scope: GroupScope) -> Self {
        let entities = Kind::ALL.iter().map(|kind| {
            let template = include_str!("../sql/ledger/entities.sql");
            let sql = template.replace("{table}", kind.table()).replace("{days}", &days(*kind));
            (*kind, within(scope, &sql))
        });
        let referrers = Kind::ALL.iter().map(|target| {
            let found = referring(*target).into_iter();
            (*target, found.map(|(kind, column)| (kind, within(scope, &referrers(catalog, kind, column)))).collect())
        });
        Self {
            receipts: within(scope, include_str!("../sql/ledger/receipts.sql")),
            devices: within(scope, include_str!("../sql/ledger/devices.sql")),
            bases: within(scope, include_str!("../sql/ledger/bases.sql")),
            entities: entities.collect(),
            referrers: referrers.collect(),
            tables: catalog.entities.clone(),
            days: catalog.days.clone(),
            activity: catalog.activity.clone(),
            rejections: catalog.rejections.clone(),
            scope,
        }
    }

    /// The group append for these kinds of rows, with or without days, activity and rejections. One text for each combination,
    /// so that a connection prepares it once and a statement carries no table that it does not write.
    pub(super) fn append(&self, kinds: impl Iterator<Item = Kind>, beside: Beside) -> String {
        let tables = kinds.filter_map(|kind| self.tables.get(&kind));
        let tables = tables.chain(beside.days.then_some(&self.days));
        let tables = tables.chain(beside.activity.then_some(&self.activity));
        let tables = tables.chain(beside.rejections.then_some(&self.rejections));
        let projections: String = tables
            .enumerate()
            .map(|(index, table)| {
                let parameter = (FIRST_PROJECTION_PARAMETER + index).to_string();
                table.fill(include_str!("../sql/ledger/append_rows.sql")).replace("{parameter}", &parameter)
            })
            .collect();
        let locked = match self.scope {
            GroupScope::Cluster => include_str!("../sql/ledger/lock_heads.sql"),
            GroupScope::Space => include_str!("../sql/ledger/lock_one_head.sql"),
        };
        let append = include_str!("../sql/ledger/append.sql").replace("{locked}", locked.trim_end());
        within(self.scope, &append.replace("{projections}", &projections))
    }
}

/// Where statements are of one space each, every table that they read says so outright: what stands at `{one:…}` is the
/// condition on the table of that name.
fn within(scope: GroupScope, template: &str) -> String {
    let mut parts = template.split("{one:");
    let mut sql = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (table, rest) = part.split_once('}').unwrap_or(("", part));
        if scope == GroupScope::Space {
            sql += &format!(" AND {table}.space_id = ($1::uuid[])[1]");
        }
        sql += rest;
    }
    sql
}

/// The days of an entity; another kind may have the same id.
fn days(kind: Kind) -> String {
    match kind.has_days() {
        true => include_str!("../sql/ledger/days_of_entity.sql").replace("{kind}", kind.name()),
        false => "NULL::jsonb".to_owned(),
    }
}

/// A column that holds one id is compared; one that holds several is searched.
fn referrers(catalog: &Catalog, kind: Kind, column: &str) -> String {
    let is_set = kind == Kind::Skill && column == "prerequisites";
    debug_assert!(catalog.entities.get(&kind).is_some_and(|table| table.columns.iter().any(|one| one == column)));
    let refers = if is_set { format!("wanted.id = ANY (t.{column})") } else { format!("t.{column} = wanted.id") };
    include_str!("../sql/ledger/referrers.sql")
        .replace("{table}", kind.table())
        .replace("{column}", column)
        .replace("{refers}", &refers)
        .replace("{days}", &days(kind))
}
