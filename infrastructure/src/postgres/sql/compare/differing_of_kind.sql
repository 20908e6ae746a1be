
        SELECT '{kind}' AS kind, t.id
        FROM {table} t
        LEFT JOIN held ON held.kind = '{kind}' AND held.id = t.id
        WHERE t.space_id = $1 AND (SELECT position FROM head) = $2
            AND right(encode(uuid_send(t.id), 'hex'),
                (SELECT max(length(suffix)) FROM asked WHERE kind = '{kind}'))
                IN (SELECT suffix FROM asked WHERE kind = '{kind}')
            AND CASE WHEN t.deleted_at IS NULL THEN t.checksum IS DISTINCT FROM held.checksum ELSE held.id IS NOT NULL END
        UNION ALL
        SELECT '{kind}' AS kind, held.id
        FROM held
        WHERE held.kind = '{kind}' AND (SELECT position FROM head) = $2
            AND NOT EXISTS (SELECT FROM {table} t WHERE t.space_id = $1 AND t.id = held.id)
