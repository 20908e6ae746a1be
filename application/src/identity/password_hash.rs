//! The port to password hashing, which is slow on purpose and bounded in how much of it happens at once.

use super::failure::Failure;
use super::secret::Secret;

/// Makes and checks password hashes. Both may be refused with [`Failure::Busy`] when too many wait.
pub trait PasswordHash {
    /// Whether there is room for another, for who has other work to do before: in a flood that work is for nothing.
    ///
    /// # Errors
    /// [`Failure::Busy`].
    fn has_room(&self) -> Result<(), Failure>;

    /// A new salted hash in PHC form.
    fn hash(&self, password: Secret) -> impl Future<Output = Result<String, Failure>> + Send;

    /// Whether the password made this hash. With `stored: None` the answer is `false` and takes as long as if there had
    /// been a hash, so that nobody learns from a clock which addresses have accounts.
    fn verify(&self, password: Secret, stored: Option<String>) -> impl Future<Output = Result<bool, Failure>> + Send;

    /// Whether a hash was made as new ones are. One that was not is replaced as soon as its password is given.
    fn is_current(&self, stored: &str) -> bool;
}
