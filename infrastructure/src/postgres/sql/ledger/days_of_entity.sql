(
    SELECT jsonb_object_agg(d.day, jsonb_strip_nulls(jsonb_build_object(
        'completions', d.completions, 'minutes', d.minutes, 'balls', d.balls, 'xp', d.xp,
        'written', d.written, 'completion', d.completion)))
    FROM days d
    WHERE d.space_id = t.space_id AND d.entity_id = t.id AND d.entity = '{kind}'{one:d}
)
