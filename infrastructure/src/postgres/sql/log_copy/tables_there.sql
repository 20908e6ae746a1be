SELECT listed.name
FROM unnest($1::text[]) AS listed (name)
WHERE to_regclass(listed.name) IS NOT NULL
