-- Restart: the life of a log, what is no longer served of it, and refused transactions that somebody still has to see.

-- `epoch_began` is the position at which the present life began, `epoch_before` the life before it (null: there was none, or
-- nobody knows how much of it is left). Events up to `floor` are no longer served by the feed.
ALTER TABLE heads
    ADD COLUMN epoch_before uuid,
    ADD COLUMN epoch_began bigint NOT NULL DEFAULT 0,
    ADD COLUMN floor bigint NOT NULL DEFAULT 0;

-- `beats` only rises: servers note beside the database how high they have seen it, so an older copy shows. `turning` is set
-- while the heads are brought into the present life: whether each keeps what it holds, or may have lost any of it.
ALTER TABLE system
    ADD COLUMN beats bigint NOT NULL DEFAULT 0,
    ADD COLUMN epoch_before uuid,
    ADD COLUMN turning text CHECK (turning IN ('from_head', 'from_start'));

-- Refused transactions, until one of the account's devices acknowledges them. Texts, not documents: what was sent may hold
-- what a document cannot.
CREATE TABLE rejections (
    space_id       uuid NOT NULL,
    transaction_id uuid NOT NULL,
    device_id      uuid NOT NULL,
    decided_at     bigint NOT NULL,
    problem        text NOT NULL,
    sent           text NOT NULL,
    PRIMARY KEY (space_id, transaction_id)
);
CREATE INDEX rejections_newest ON rejections (space_id, decided_at, transaction_id);
