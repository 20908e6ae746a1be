-- What the skills of a space have gathered, also those that are gone.
SELECT id, xp
FROM skills
WHERE space_id = $1
