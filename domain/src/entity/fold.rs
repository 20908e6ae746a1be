//! The fold of the shared life: what each event makes of an entity.

use serde_json::{Map, Value};

use super::core::Core;
use super::fields::{Fields, values};
use super::lifecycle::{Deleted, Lifecycle, Link, Reaffirmed, Restored};
use super::meta::{Deletion, Register};
use super::recorded::Mark;
use crate::merge;

impl<F: Fields> Core<F> {
    /// Folds an event of the shared life.
    pub fn apply(&mut self, mark: &Mark, event: Lifecycle<F>) {
        self.meta.touch(mark);
        match event {
            Lifecycle::Created(created) => {
                self.meta.id = created.id;
                self.meta.legacy_id = created.legacy_id;
                self.meta.created_at = created.moment;
                self.meta.created_by = mark.stamp.device;
                self.meta.stamps.created = mark.written();
                self.meta.stamps.hidden = created.hidden;
                self.fields = created.fields;
            }
            Lifecycle::Edited(edited) => {
                let mut all = values(&self.fields);
                merge::fold::<F>(&mut self.meta, &mut all, mark, edited);
                self.show(all);
            }
            Lifecycle::Deleted(deleted) => self.deleted(mark, deleted),
            Lifecycle::Restored(restored) => self.restored_by(mark, &restored),
            Lifecycle::Reaffirmed(reaffirmed) => self.reaffirmed(mark, &reaffirmed),
            Lifecycle::Unlinked(link) => {
                self.meta.stamps.hidden.entry(link.field.clone()).or_default().insert(link.target);
                self.relink(link);
            }
            Lifecycle::Linked(link) => {
                if let Some(hidden) = self.meta.stamps.hidden.get_mut(&link.field) {
                    hidden.remove(&link.target);
                }
                self.meta.stamps.hidden.retain(|_, hidden| !hidden.is_empty());
                self.relink(link);
            }
            Lifecycle::Awaited(awaited) => self.meta.taken.push(awaited.by),
        }
    }

    fn deleted(&mut self, mark: &Mark, deleted: Deleted) {
        if deleted.gone.is_some() {
            self.meta.stamps.gone = deleted.gone;
        } else {
            let (written, deleted_at) = (mark.written(), Some(deleted.moment));
            self.meta.stamps.deletion =
                Some(Deletion { written, base: deleted.base, deleted_at, since: Some(written) });
            self.meta.taken = deleted.took;
        }
        self.meta.show_deletion();
    }

    fn restored_by(&mut self, mark: &Mark, restored: &Restored) {
        if restored.returned {
            self.meta.stamps.gone = None;
        } else {
            let written = mark.written();
            self.meta.stamps.deletion = Some(Deletion { written, base: restored.base, deleted_at: None, since: None });
            self.meta.taken = Vec::new();
        }
        self.meta.show_deletion();
    }

    fn reaffirmed(&mut self, mark: &Mark, again: &Reaffirmed) {
        match again.register {
            Register::Deletion => {
                let before = self.meta.stamps.deletion.unwrap_or_default();
                let deleted_at = before.deleted_at.map(|_| again.moment);
                let written = mark.written();
                self.meta.stamps.deletion = Some(Deletion { written, base: again.base, deleted_at, ..before });
                self.meta.show_deletion();
            }
            Register::Completion => self.meta.stamps.completion = Some(mark.written()),
            Register::Day(_) => {}
        }
    }

    fn relink(&mut self, link: Link) {
        let mut all = values(&self.fields);
        all.insert(link.field, link.after);
        self.show(all);
    }

    /// The values were checked when the event was decided; an event of another shape is upcast before it comes here.
    fn show(&mut self, all: Map<String, Value>) {
        if let Ok(fields) = serde_json::from_value(Value::Object(all)) {
            self.fields = fields;
        }
    }
}
