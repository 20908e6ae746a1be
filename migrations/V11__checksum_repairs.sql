-- When a device last repaired its replica by comparing checksums: a few moments each, Unix ms, so that one that repairs
-- over and over is noticed by every node. `noticed_at` is when support was told.
CREATE TABLE checksum_repairs (
    space_id   uuid NOT NULL,
    device_id  uuid NOT NULL,
    moments    bigint[] NOT NULL,
    noticed_at bigint,
    PRIMARY KEY (space_id, device_id)
) WITH (fillfactor = 50);
