
    SELECT asked.number, sum(t.checksum)::text AS sum, count(t.checksum) AS count
    FROM {table} t
    JOIN asked ON asked.kind = '{kind}'
        AND asked.suffix = right(encode(uuid_send(t.id), 'hex'),
            (SELECT max(length(suffix)) FROM asked WHERE kind = '{kind}'))
    WHERE t.space_id = $1 AND t.deleted_at IS NULL AND (SELECT position FROM head) = $2
    GROUP BY asked.number
