-- Where something was taken out, for other nodes.
INSERT INTO redactions (space_id, redaction_id, aggregate_type, aggregate_id, field, redacted_at, revision)
VALUES ($1, $2, $3, $4, $5, $6, $7)
