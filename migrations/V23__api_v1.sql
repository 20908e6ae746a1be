-- What API v1 needs: integer ids are looked up, and accounts have the names and ids that its clients know.

CREATE INDEX tasks_legacy ON tasks (space_id, legacy_id);
CREATE INDEX goals_legacy ON goals (space_id, legacy_id);
CREATE INDEX milestones_legacy ON milestones (space_id, legacy_id);
CREATE INDEX skills_legacy ON skills (space_id, legacy_id);

-- `legacy_user_id` is the id that an imported account had before; clients of v1 go on seeing it.
ALTER TABLE accounts
    ADD COLUMN legacy_user_id    text,
    ADD COLUMN first_name        text NOT NULL DEFAULT '',
    ADD COLUMN last_name         text NOT NULL DEFAULT '',
    ADD COLUMN profile_image_url text;
CREATE UNIQUE INDEX accounts_legacy_user ON accounts (legacy_user_id) WHERE legacy_user_id IS NOT NULL;
