//! How often who may ask, and who is turned away before anything is done.
//!
//! Every route has a class ([`Route`]), every class a rate. A request takes one from the bucket of its address before
//! anything else, and, once it is known who asks, one from that of the device and one from that of the account; so no
//! stranger can empty somebody's bucket. The answer tells how the tightest of them stands. Buckets are this node's alone.

mod bucket;
mod class;
mod class_v1;
mod headers;
mod middleware;
mod store;
mod subject;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::{HttpMessage, HttpRequest};
use infrastructure::config::{self, Rate};
use infrastructure::metric_names::RATE_LIMITED_TOTAL;
use metrics::counter;
use tokio_util::sync::CancellationToken;

use self::bucket::{Buckets, Level};
pub use self::class::{Class, Route, Wants};
pub use self::middleware::guard;
pub use self::subject::Subject;
use crate::caller::Caller;
use crate::problem::{Code, Problem};

/// An account has this many times what one of its devices has: a person has many devices, but uses few at once.
const ACCOUNT_TIMES: u32 = 5;
/// An address has this many times what one device has: a household or a company may stand behind it.
const ADDRESS_TIMES: u32 = 50;
/// How often buckets that are full again are forgotten.
const FORGET_S: u64 = 5;

/// The buckets of one server. Clones share them.
#[derive(Clone)]
pub struct Limits(Arc<[Option<OfClass>; Class::LIMITED.len()]>);

/// The buckets of one class.
struct OfClass {
    class: Class,
    devices: Buckets,
    accounts: Buckets,
    addresses: Buckets,
}

/// A bucket was empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limited {
    class: Class,
    scope: &'static str,
    level: Level,
}

/// The tightest bucket that a request took from; kept with the request, for its answer.
#[derive(Clone, Copy)]
struct Tightest(Level);

/// Whether a request was counted for its caller.
#[derive(Clone, Copy)]
struct Counted;

impl Limits {
    /// As the operator chose.
    pub fn new(chosen: &config::Limits) -> Self {
        Self(Arc::new(Class::LIMITED.map(|class| OfClass::new(class, rate(chosen, class)))))
    }

    /// Forgets full buckets, again and again, until `stop`.
    pub async fn forget(self, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(Duration::from_secs(FORGET_S));
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            self.0.iter().flatten().flat_map(OfClass::all).for_each(Buckets::forget_full);
        }
    }

    /// Takes a request of this class from the bucket of its address.
    ///
    /// # Errors
    /// It was empty.
    pub fn address(&self, class: Class, address: Option<IpAddr>) -> Result<Option<Level>, Limited> {
        let (Some(of), Some(address)) = (self.of(class), address) else { return Ok(None) };
        of.take(&of.addresses, Subject::at(address)).map(Some)
    }

    /// Takes a request of this class from the buckets of a device and its account. Gives the tighter one.
    ///
    /// # Errors
    /// One was empty.
    pub fn caller(&self, class: Class, caller: &Caller) -> Result<Option<Level>, Limited> {
        let Some(of) = self.of(class) else { return Ok(None) };
        let device = of.take(&of.devices, Subject::Device(caller.account, caller.device))?;
        let account = of.take(&of.accounts, Subject::Account(caller.account))?;
        Ok(Some(tighter(device, account)))
    }

    /// Takes a request from the buckets of its caller, once. For whoever finds out who calls.
    ///
    /// # Errors
    /// `rate_limited`.
    pub fn admit(&self, request: &HttpRequest, caller: &Caller) -> Result<(), Problem> {
        // Found out again in the same request, it is the same request.
        if request.extensions_mut().insert(Counted).is_some() {
            return Ok(());
        }
        let class = request.extensions().get::<Route>().map_or(Class::Other, |route| route.class);
        let level = match self.caller(class, caller) {
            Ok(level) => level,
            Err(limited) => {
                request.extensions_mut().insert(Tightest(limited.level));
                return Err(limited.into());
            }
        };
        if let Some(level) = level {
            remember(request, level);
        }
        Ok(())
    }

    fn of(&self, class: Class) -> Option<&OfClass> {
        self.0.iter().flatten().find(|of| of.class == class)
    }
}

impl OfClass {
    fn new(class: Class, rate: Rate) -> Option<Self> {
        // Where somebody could guess, nobody may guess faster from more devices of the same account.
        let (account_times, address_times) = match class {
            Class::SignIn | Class::Refresh => (1, 1),
            _ => (ACCOUNT_TIMES, ADDRESS_TIMES),
        };
        Some(Self {
            class,
            devices: Buckets::of(rate, 1)?,
            accounts: Buckets::of(rate, account_times)?,
            addresses: Buckets::of(rate, address_times)?,
        })
    }

    fn all(&self) -> [&Buckets; 3] {
        [&self.devices, &self.accounts, &self.addresses]
    }

    fn take(&self, buckets: &Buckets, subject: Subject) -> Result<Level, Limited> {
        buckets.take(&subject).map_err(|level| {
            let (class, scope) = (self.class, subject.scope());
            counter!(RATE_LIMITED_TOTAL, "class" => class.name(), "scope" => scope).increment(1);
            Limited { class, scope, level }
        })
    }
}

impl From<Limited> for Problem {
    fn from(limited: Limited) -> Self {
        let Limited { class, scope, level } = limited;
        let detail = format!("This {scope} has asked too often. Come back after the time that the answer names.");
        let wait_ms = u64::try_from(level.reset.as_millis()).unwrap_or(u64::MAX).saturating_add(1);
        Self::new(Code::RateLimited)
            .detail(detail)
            .with("scope", scope)
            .with("class", class.name())
            .retry_after_ms(wait_ms)
    }
}

fn rate(chosen: &config::Limits, class: Class) -> Rate {
    match class {
        Class::SignIn => chosen.limit_sign_in,
        Class::Refresh => chosen.limit_refresh,
        Class::Write => chosen.limit_write,
        Class::Read => chosen.limit_read,
        Class::Heavy => chosen.limit_heavy,
        Class::Other => chosen.limit_other,
        Class::Free => Rate::Off,
    }
}

fn tighter(one: Level, other: Level) -> Level {
    if other.remaining < one.remaining { other } else { one }
}

/// Keeps the tightest level with the request.
fn remember(request: &HttpRequest, level: Level) {
    let mut extensions = request.extensions_mut();
    let tightest = extensions.get::<Tightest>().map_or(level, |known| tighter(known.0, level));
    extensions.insert(Tightest(tightest));
}
