//! A new password, set by who knows the one before.

use domain::session::Because;

use crate::identity::asker::Asker;
use crate::identity::failure::{Failure, Refusal};
use crate::identity::fresh::Fresh;
use crate::identity::password::new_password;
use crate::identity::password::recovery::{PasswordByOwner, Recovery};
use crate::identity::password_hash::PasswordHash;
use crate::identity::ports::Ports;
use crate::identity::secret::Secret;
use crate::identity::session::live_sessions::LiveSessions;
use crate::identity::sign_in::prove::prove_own;

/// What a change of the password asks for.
pub struct ChangePassword {
    /// By whom; this session goes on.
    pub asker: Asker,
    /// The password until now.
    pub current: Secret,
    /// The password from now on, unchecked.
    pub new: Secret,
}

/// Sets the password and ends every other session, once the password until now is proven.
pub async fn change_password<P: Ports>(ports: &P, asked: ChangePassword, fresh: Fresh) -> Result<(), Failure> {
    new_password::check(&asked.new)?;
    let checked = prove_own(ports, &asked.asker, asked.current, &fresh).await?;
    let change = PasswordByOwner {
        account: asked.asker.account,
        session: asked.asker.session,
        checked,
        password_hash: ports.password_hash().hash(asked.new).await?,
        place: fresh.place,
        now_ms: fresh.now_ms,
    };
    // Changed by somebody else meanwhile: the password until now is no longer what was given.
    let ended = ports.directory().change_password(change).await?.ok_or(Refusal::CredentialsInvalid)?;
    ports.live_sessions().ended(&ended, Because::PasswordChanged);
    Ok(())
}
