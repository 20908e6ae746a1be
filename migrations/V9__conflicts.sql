-- Conflicts: fields that several devices wrote without having seen each other. A closed one is a tombstone. What a field
-- held before a delete took it is kept in `stamps`, which makes `taken_by` needless.

CREATE TABLE conflicts (
    space_id    uuid NOT NULL,
    id          uuid NOT NULL,
    legacy_id   bigint,
    entity_kind text NOT NULL,
    entity_id   uuid NOT NULL,
    field       text NOT NULL,
    current     jsonb NOT NULL,
    others      jsonb NOT NULL,
    created_at  bigint NOT NULL,
    created_by  uuid NOT NULL,
    updated_at  bigint NOT NULL,
    version     bigint NOT NULL,
    position    bigint NOT NULL,
    deleted_at  bigint,
    taken       jsonb,
    stamps      jsonb NOT NULL,
    checksum    bigint NOT NULL,
    PRIMARY KEY (space_id, id)
) WITH (fillfactor = 70);
CREATE INDEX conflicts_entity ON conflicts (space_id, entity_id);

ALTER TABLE heroes DROP COLUMN taken_by;
ALTER TABLE skills DROP COLUMN taken_by;
ALTER TABLE goals DROP COLUMN taken_by;
ALTER TABLE milestones DROP COLUMN taken_by;
ALTER TABLE tasks DROP COLUMN taken_by;
