//! The statements whose text depends on the registry and the catalog: written once, at the start.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use domain::entity::Kind;
use domain::entity::registry::referring;

use super::super::catalog::{Catalog, Table};
use crate::config::GroupScope;

/// The number of the first parameter after those of `append.sql`.
const FIRST_PROJECTION_PARAMETER: usize = 42;

/// The tables beside events, receipts, devices and heads that an append may write.
pub(super) const TABLES: usize = Kind::ALL.len() + 3;

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
    /// The tables that an append may write: those of the kinds, then the others.
    tables: Vec<Table>,
    /// One text for each combination of them, written when it is first needed.
    appends: Vec<OnceLock<String>>,
    scope: GroupScope,
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
        let of_kinds = Kind::ALL.iter().filter_map(|kind| catalog.entities.get(kind));
        let tables = of_kinds.chain([&catalog.days, &catalog.activity, &catalog.rejections]).cloned();
        let tables: Vec<Table> = tables.collect();
        Self {
            receipts: within(scope, include_str!("../sql/ledger/receipts.sql")),
            devices: within(scope, include_str!("../sql/ledger/devices.sql")),
            bases: within(scope, include_str!("../sql/ledger/bases.sql")),
            entities: entities.collect(),
            referrers: referrers.collect(),
            appends: vec![OnceLock::new(); 1 << tables.len()],
            tables,
            scope,
        }
    }

    /// The group append that writes to those tables for which it has rows: of the kinds in their order, of days, activity
    /// and rejections. One text for each combination, so that a connection prepares it once and a statement carries no
    /// table that it does not write.
    pub(super) fn append(&self, writes: [bool; TABLES]) -> &str {
        let combination = writes.iter().rev().fold(0, |bits, writes| bits << 1 | usize::from(*writes));
        let text = self.appends.get(combination);
        text.map_or("", |text| text.get_or_init(|| self.append_text(writes)))
    }

    fn append_text(&self, writes: [bool; TABLES]) -> String {
        let tables = self.tables.iter().zip(writes).filter(|(_, writes)| *writes);
        let projections: String = tables
            .enumerate()
            .map(|(index, (table, _))| {
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
