//! Whether the rows of a space may be served. They may when every projection was built with the fold that this program has. A
//! start that finds older ones says so, has everything rebuilt, and rebuilds a space at once when somebody asks for it; until
//! that is done the answer is 503 `rebuilding`. No row of an older fold is shown, decided on or kept in memory.

mod watch;

use std::collections::HashSet;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use application::fault::Fault;
use application::rebuild::Projections;
use deadpool_postgres::Pool;
use domain::id::SpaceId;
use moka::sync::Cache as Memory;
use tokio::sync::{Notify, Semaphore};

use crate::postgres::fault::no_connection;
use crate::postgres::rebuild::folds::{self, OTHERS_STOP_MS};
use crate::postgres::rebuild::{self, Healer};

/// How long somebody who asks for a space waits for it.
const WAIT_MS_MAX: u64 = 5_000;
/// How long what was seen of the database holds: a newer program may have come since. It is well below the time for which that
/// waits (`OTHERS_STOP_MS`), since an append that has begun still has to end; each node looks once a second.
const FRESH_MS: u64 = 2_000;
/// Spaces that are rebuilt at once because somebody asked.
const HEALERS_MAX: usize = 2;
/// Spaces that are known to be built.
const BUILT_MAX: u64 = 200_000;
/// How long it is not tried again to rebuild a space that could not be.
const FAILED_MS: u64 = 30_000;

/// Whether rows may be served. Clones share what is known.
#[derive(Clone)]
pub struct Folds(Arc<Shared>);

struct Shared {
    pool: Pool,
    /// Everything may be served: the only thing that is looked at then, and how long ago that was seen.
    are_current: AtomicBool,
    began: Instant,
    /// When the last look that succeeded began, ms since `began`, and 1 more.
    looked_ms: AtomicU64,
    /// Whoever finds it too long ago looks, and the others wait for what that finds: when it last failed, and why.
    looking: tokio::sync::Mutex<Option<(Instant, Fault)>>,
    standing: RwLock<Standing>,
    built: Memory<SpaceId, ()>,
    failed: Memory<SpaceId, ()>,
    under_way: Mutex<HashSet<SpaceId>>,
    ended: Notify,
    healers: Mutex<Vec<Healer>>,
    turns: Semaphore,
}

/// What is known of the database.
#[derive(Clone)]
enum Standing {
    /// Nothing yet.
    Unknown,
    /// Everything was built with this program's folds.
    Current,
    /// These projections were built with older folds, or some spaces were; other nodes have been told at that moment.
    Older { older: Option<Projections>, since: Instant },
    /// A newer program has been here.
    Newer,
}

impl Folds {
    /// Of the database behind `pool`.
    pub fn new(pool: Pool) -> Self {
        Self(Arc::new(Shared {
            pool,
            are_current: AtomicBool::new(false),
            began: Instant::now(),
            looked_ms: AtomicU64::new(0),
            looking: tokio::sync::Mutex::default(),
            standing: RwLock::new(Standing::Unknown),
            built: Memory::new(BUILT_MAX),
            failed: Memory::builder().max_capacity(BUILT_MAX).time_to_live(Duration::from_millis(FAILED_MS)).build(),
            under_way: Mutex::default(),
            ended: Notify::new(),
            healers: Mutex::default(),
            turns: Semaphore::new(HEALERS_MAX),
        }))
    }

    /// Whether every space may be served, as was seen just now.
    pub fn are_current(&self) -> bool {
        self.0.are_current.load(Ordering::Acquire) && self.is_fresh()
    }

    /// Whether what was seen last still holds.
    fn is_fresh(&self) -> bool {
        let (looked, now) = (self.0.looked_ms.load(Ordering::Acquire), self.ms(Instant::now()));
        looked > 0 && now.saturating_sub(looked) < FRESH_MS
    }

    fn ms(&self, instant: Instant) -> u64 {
        u64::try_from(instant.duration_since(self.0.began).as_millis()).unwrap_or(u64::MAX).saturating_add(1)
    }

    /// Looks, unless somebody has meanwhile; who waited for a look that failed fails with it.
    async fn refresh(&self) -> Result<(), Fault> {
        let asked = Instant::now();
        let mut failed = self.0.looking.lock().await;
        if self.is_fresh() {
            return Ok(());
        }
        if let Some((_, fault)) = failed.as_ref().filter(|(at, _)| *at >= asked) {
            return Err(fault.clone());
        }
        let looked = self.look().await;
        *failed = looked.as_ref().err().map(|fault| (Instant::now(), fault.clone()));
        looked
    }

    /// Lets pass whoever reads or writes this space, once its rows may be served.
    ///
    /// # Errors
    /// `Rebuilding`: not within some seconds. Or the database is away.
    pub async fn pass(&self, space: SpaceId) -> Result<(), Fault> {
        if !self.is_fresh() {
            self.refresh().await?;
        }
        if self.0.are_current.load(Ordering::Acquire) || self.0.built.contains_key(&space) {
            return Ok(());
        }
        match self.standing() {
            Standing::Current => Ok(()),
            Standing::Newer | Standing::Unknown => Err(Fault::Rebuilding),
            Standing::Older { older, since } => self.heal(space, older, since).await,
        }
    }

    async fn heal(&self, space: SpaceId, older: Option<Projections>, since: Instant) -> Result<(), Fault> {
        {
            let client = self.0.pool.get().await.map_err(|error| no_connection(&error))?;
            if folds::is_built(&**client, space, older.as_ref()).await? {
                self.0.built.insert(space, ());
                return Ok(());
            }
        }
        let waiting = async {
            while !self.0.built.contains_key(&space) {
                let ended = self.0.ended.notified();
                if self.0.failed.contains_key(&space) {
                    return Err(Fault::Rebuilding);
                }
                self.start(space, since);
                ended.await;
            }
            Ok(())
        };
        let waited = tokio::time::timeout(Duration::from_millis(WAIT_MS_MAX), waiting).await;
        waited.unwrap_or(Err(Fault::Rebuilding))
    }

    /// Has a space rebuilt, unless that is under way. It goes on when nobody waits any more.
    fn start(&self, space: SpaceId, since: Instant) {
        if !self.0.under_way.lock().unwrap_or_else(PoisonError::into_inner).insert(space) {
            return;
        }
        let under_way = UnderWay { folds: self.clone(), space };
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(OTHERS_STOP_MS).saturating_sub(since.elapsed())).await;
            let folds = &under_way.folds;
            match folds.rebuild(space).await {
                Ok(true) => folds.0.built.insert(space, ()),
                Ok(false) => {
                    tracing::error!(space.id = %space, "a space of an older fold has a damaged log; it is not served");
                    folds.0.failed.insert(space, ());
                }
                Err(fault) => {
                    tracing::warn!(space.id = %space, fault = %fault, "a space of an older fold could not be rebuilt now");
                    folds.0.failed.insert(space, ());
                }
            }
        });
    }

    async fn rebuild(&self, space: SpaceId) -> Result<bool, Fault> {
        let Ok(_turn) = self.0.turns.acquire().await else { return Err(Fault::Rebuilding) };
        let idle = self.0.healers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut healer = match idle {
            Some(healer) => healer,
            None => Healer::open(&self.0.pool).await?,
        };
        let healed = healer.heal(space).await?;
        // One that failed is not used again: its connection may be gone.
        self.0.healers.lock().unwrap_or_else(PoisonError::into_inner).push(healer);
        Ok(healed)
    }

    fn standing(&self) -> Standing {
        self.0.standing.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Looks how the database stands.
    ///
    /// # Errors
    /// It is away.
    pub async fn look(&self) -> Result<(), Fault> {
        let began = Instant::now();
        let client = self.0.pool.get().await.map_err(|error| no_connection(&error))?;
        let mut found = folds::look(&**client).await?;
        if matches!(found, rebuild::Folds::Older(_)) && !matches!(self.standing(), Standing::Older { .. }) {
            folds::want(&**client).await?;
            found = folds::look(&**client).await?;
        }
        self.learn(found);
        self.0.looked_ms.fetch_max(self.ms(began), Ordering::AcqRel);
        Ok(())
    }

    fn learn(&self, found: rebuild::Folds) {
        let before = self.standing();
        let since = match &before {
            Standing::Older { since, .. } => *since,
            _ => Instant::now(),
        };
        let now = match found {
            rebuild::Folds::Current { exceptions: false } => Standing::Current,
            rebuild::Folds::Current { exceptions: true } => Standing::Older { older: None, since },
            rebuild::Folds::Older(older) => Standing::Older { older: Some(older), since },
            rebuild::Folds::Newer(_) => Standing::Newer,
        };
        watch::tell(&before, &now);
        if !matches!(now, Standing::Older { .. }) {
            self.0.built.invalidate_all();
            self.0.healers.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
        let are_current = matches!(now, Standing::Current);
        *self.0.standing.write().unwrap_or_else(PoisonError::into_inner) = now;
        self.0.are_current.store(are_current, Ordering::Release);
    }
}

/// A space that is being rebuilt, until this is dropped: however that ends, somebody may begin again.
struct UnderWay {
    folds: Folds,
    space: SpaceId,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.folds.0.under_way.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.space);
        self.folds.0.ended.notify_waiters();
    }
}

impl fmt::Debug for Folds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Folds").field("are_current", &self.are_current()).finish_non_exhaustive()
    }
}
