//! Every transaction that a person made was decided once, its device was told so, and the server says the same.

use application::ledger::Want;
use domain::transaction::{Receipt, Verdict};

use crate::store::Store;
use crate::world::{Made, World, Wrong};

/// What a client that keeps to the protocol is never told.
const NEVER: [&str; 5] =
    ["device_seq_reused", "transaction_reused", "command_repeated", "command_count", "space_unknown"];

pub(crate) async fn check<S: Store>(world: &World<'_, S>, restored: bool) -> Result<(), Wrong> {
    let transactions = world.made.keys().copied().collect();
    let want = Want { space: world.server.space, transactions, fresh: true, ..Want::default() };
    let loaded = world.server.seam.store.load(vec![want]).await?;
    let stored = |id| loaded.iter().find_map(|loaded| loaded.receipts.get(id)).map(|stored| &stored.receipt);
    for (id, made) in &world.made {
        let old = world.devices.get(made.device).is_some_and(|device| device.outdated.contains(id));
        one(made, stored(id), restored, old).map_err(|wrong| format!("transaction {id}: {wrong}"))?;
    }
    Ok(())
}

fn one(made: &Made, stored: Option<&Receipt>, restored: bool, old: bool) -> Result<(), String> {
    let told = made.told.as_ref().ok_or("its device was never told what became of it")?;
    match &told.verdict {
        Verdict::Committed { results, .. } if results.len() == made.commands.len() => {}
        Verdict::Rejected { problem } if !problem.code.is_empty() && !NEVER.contains(&problem.code.as_str()) => {}
        other => return Err(format!("its device was told {other:?}")),
    }
    let committed = matches!(told.verdict, Verdict::Committed { .. });
    match stored {
        Some(stored) if stored == told => Ok(()),
        Some(stored) => Err(format!("its device was told {told:?}, the server says {stored:?}")),
        // A refusal that the server lost stays one; what was kept for longer than a week is nobody's any more.
        None if restored && (!committed || old) => Ok(()),
        None => Err("the server has lost it".to_owned()),
    }
}
