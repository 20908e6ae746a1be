//! An account gets another role.

use super::super::account::Role;
use super::super::failure::Failure;
use super::port::{Administration, Order};

/// Gives an account another role. It holds from the next request on: no token says what its bearer may do.
pub async fn change_role(directory: &impl Administration, order: Order, role: Role) -> Result<(), Failure> {
    directory.change_role(order, role).await?.ended()?;
    Ok(())
}
