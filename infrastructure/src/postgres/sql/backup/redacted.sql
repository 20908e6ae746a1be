-- Whether a value was taken out since a revision.
SELECT EXISTS (SELECT FROM redactions r WHERE r.revision > $1) AS redacted
