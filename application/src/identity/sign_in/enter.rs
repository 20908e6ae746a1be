//! How somebody new comes in: signed in at once, or after the address is proven, as the operator decided.

use crate::identity::account::Role;
use crate::identity::failure::Failure;
use crate::identity::fresh::Fresh;
use crate::identity::password_hash::PasswordHash;
use crate::identity::ports::Ports;
use crate::identity::sign_in::addresses::{Addresses, UnprovenAccount};
use crate::identity::sign_in::register::{self, Register, register};
use crate::identity::sign_in::signed_in::SignedIn;

/// How a registration ended well.
pub enum Entered {
    /// The account is there and signed in.
    SignedIn(Box<SignedIn>),
    /// A mail was posted. Whether there is a new account is known to who can read it.
    ProofAwaited,
}

/// Registers somebody, as the operator decided.
///
/// Where addresses must be proven, a taken address ends as a new one does: nobody learns from a registration who has an
/// account. Both hash the password, and the caller sees to it that both take as long.
pub async fn enter<P: Ports>(ports: &P, asked: Register, fresh: Fresh) -> Result<Entered, Failure> {
    if !ports.policy().email_must_be_verified {
        return register(ports, asked, fresh).await.map(|signed_in| Entered::SignedIn(Box::new(signed_in)));
    }
    let checked = register::check(ports.policy(), asked, &fresh)?;
    let account = UnprovenAccount {
        account: fresh.account,
        email: checked.email,
        password_hash: ports.password_hash().hash(checked.password).await?,
        role: Role::User,
        time_zone: checked.time_zone,
        names: checked.names,
        place: fresh.place,
        now_ms: fresh.now_ms,
    };
    ports.directory().register_unproven(account).await?;
    Ok(Entered::ProofAwaited)
}
