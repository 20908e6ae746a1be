SELECT coalesce(sum(version), 0)::bigint AS applied
FROM replay.views
