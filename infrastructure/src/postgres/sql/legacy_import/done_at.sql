-- At which of these moments something was done in a space, and not told by an import.
SELECT DISTINCT a.at
FROM activity a
WHERE a.space_id = $1 AND a.action <> 'past' AND a.at = ANY ($2)
