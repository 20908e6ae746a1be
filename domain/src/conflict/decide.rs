//! What a command to a conflict comes to.

use super::command::{ConflictCommand, ConflictFields};
use super::conflict_id;
use super::event::{Closed, ConflictChange, ConflictEvent, Opened};
use super::state::Conflict;
use crate::entity::aggregate::aggregate;
use crate::entity::{Command, Context, Decision, EntityRef, Kind, LifecycleCommand};
use crate::follow_up::life;
use crate::rejection::Rejection;

impl Conflict {
    /// What a command comes to; changes nothing. A choice is no command to the conflict itself: see `redirect`.
    ///
    /// # Errors
    /// A command that conflicts do not understand.
    pub fn decide(&self, command: ConflictCommand, context: &Context) -> Result<Decision<ConflictChange>, Rejection> {
        let is_open = self.core.meta.is_live();
        Ok(match command {
            ConflictCommand::Show(fields) if !is_open => Decision::applied(self.opened(fields, context)),
            ConflictCommand::Show(fields) if self.core.fields != fields => {
                Decision::applied(ConflictChange::Changed(fields))
            }
            ConflictCommand::Close if is_open => {
                Decision::applied(ConflictChange::Closed(Closed { moment: context.moment }))
            }
            ConflictCommand::Show(_) | ConflictCommand::Close => Decision::unchanged(None),
            ConflictCommand::Resolve(_) | ConflictCommand::Lifecycle(_) => return Err(Rejection::CommandUnknown),
        })
    }

    fn opened(&self, fields: ConflictFields, context: &Context) -> ConflictChange {
        let kind = Kind::from_name(&fields.entity_kind).unwrap_or(Kind::Conflict);
        let entity = EntityRef::new(kind, fields.entity_id);
        let id =
            if self.core.meta.exists() { self.core.meta.id } else { conflict_id(context.space, entity, &fields.field) };
        ConflictChange::Opened(Opened { id, moment: context.moment, fields })
    }

    /// Whom the user's choice concerns, and the command that it is to it.
    ///
    /// # Errors
    /// There is no such conflict, or it is closed.
    pub fn redirect(&self, command: &ConflictCommand) -> Result<(EntityRef, Command), Rejection> {
        let ConflictCommand::Resolve(choice) = command else {
            return Err(Rejection::CommandUnknown);
        };
        if !self.core.meta.exists() {
            return Err(Rejection::NotFound);
        }
        let fields = &self.core.fields;
        let kind = Kind::from_name(&fields.entity_kind).filter(|_| self.core.meta.is_live());
        let kind = kind.ok_or(Rejection::ConflictClosed)?;
        let command = LifecycleCommand::Resolve(fields.field.clone(), choice.clone());
        Ok((EntityRef::new(kind, fields.entity_id), life(kind, command)))
    }
}

aggregate!(Conflict, "conflict", ConflictCommand, ConflictEvent);
