//! One look at what there is to erase: what is due, what the list says is to be gone, and what was broken off.

use domain::flag::Flag;
use domain::id::AccountId;
use domain::session::Because;

use super::account::{Erased, erase};
use super::port::{Due, ErasureList, Erasures};
use crate::fault::Fault;
use crate::flags::{Flags, SERVED_HERE};
use crate::identity::LiveSessions;

/// Accounts that are looked up at once.
const PRESENT_MAX: usize = 10_000;

/// What a round came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Erasures that began because their time had come.
    pub due: u64,
    /// Erasures whose time has come, of accounts that are served elsewhere.
    pub put_off: u64,
    /// Accounts that were erased before and came back with a backup.
    pub returned: u64,
    /// Erasures that ended.
    pub finished: u64,
    /// Erasures that failed, and why; the next round tries them again.
    pub failed: Vec<(AccountId, Fault)>,
}

/// Goes over everything once. An account whose erasure fails does not hold up the others.
///
/// Whoever is served elsewhere has to wait: the wish to be deleted may have been called off there, and who is erased here
/// never comes back.
pub async fn round(
    (store, flags): (&impl Erasures, &impl Flags),
    list: &impl ErasureList,
    live_sessions: &impl LiveSessions,
    clock: &(impl Fn() -> i64 + Sync),
    stop: &(impl Fn() -> bool + Sync),
) -> Result<Round, Fault> {
    let mut round = Round { returned: take_up(store, list, live_sessions, clock).await?, ..Round::default() };
    let (served, mut behind) = (served_here(flags).await?, Due::default());
    loop {
        let due = store.due(clock(), behind).await?;
        let Some(last) = due.last() else { break };
        behind = *last;
        for Due { account, .. } in due {
            if served.as_ref().is_some_and(|served| !served.is_on_for(account)) {
                round.put_off += 1;
                continue;
            }
            round.due += u64::from(begin(store, live_sessions, account, clock(), true).await?);
        }
    }
    finish(store, list, clock, stop, round).await
}

/// The flag that says who is served here; without it everybody is.
async fn served_here(flags: &impl Flags) -> Result<Option<Flag>, Fault> {
    let flags = flags.all().await?.into_iter().map(|set| set.flag);
    Ok(flags.into_iter().find(|flag| flag.name == SERVED_HERE))
}

/// The same for whoever was erased before, and nobody else: while a backup is restored, the day on which an account is to go
/// is that of the backup, and may have been called off since.
pub async fn again(
    store: &impl Erasures,
    list: &impl ErasureList,
    live_sessions: &impl LiveSessions,
    clock: &(impl Fn() -> i64 + Sync),
    stop: &(impl Fn() -> bool + Sync),
) -> Result<Round, Fault> {
    let round = Round { returned: take_up(store, list, live_sessions, clock).await?, ..Round::default() };
    finish(store, list, clock, stop, round).await
}

/// Begins again what was erased before and is there; how many accounts of the list that were.
async fn take_up(
    store: &impl Erasures,
    list: &impl ErasureList,
    live_sessions: &impl LiveSessions,
    clock: &(impl Fn() -> i64 + Sync),
) -> Result<u64, Fault> {
    let mut returned = 0;
    store.reopen(clock()).await?;
    let listed: Vec<AccountId> = list.lines().await?.iter().map(|line| line.account).collect();
    for accounts in listed.chunks(PRESENT_MAX) {
        for account in store.present(accounts).await? {
            returned += u64::from(begin(store, live_sessions, account, clock(), false).await?);
        }
    }
    Ok(returned)
}

/// Goes on with what has begun.
async fn finish(
    store: &impl Erasures,
    list: &impl ErasureList,
    clock: &(impl Fn() -> i64 + Sync),
    stop: &(impl Fn() -> bool + Sync),
    mut round: Round,
) -> Result<Round, Fault> {
    for begun in store.unfinished().await? {
        match erase(store, list, begun, clock, stop).await {
            Ok(Erased::Finished) => round.finished += 1,
            Ok(Erased::Elsewhere) => {}
            Ok(Erased::Stopped) => break,
            Err(fault @ Fault::Unavailable(_)) => return Err(fault),
            Err(fault) => round.failed.push((begun.account, fault)),
        }
    }
    Ok(round)
}

/// Begins an erasure; this node hears of the ended sessions at once. Whether it did begin.
pub async fn begin(
    store: &impl Erasures,
    live_sessions: &impl LiveSessions,
    account: AccountId,
    now_ms: i64,
    only_if_due: bool,
) -> Result<bool, Fault> {
    let ended = store.begin(account, now_ms, only_if_due).await?;
    if let Some(sessions) = &ended {
        live_sessions.ended(sessions, Because::AccountDeleted);
    }
    Ok(ended.is_some())
}
