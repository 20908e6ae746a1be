-- Whether nothing is left to be taken up. Nobody is at a space then.
SELECT EXISTS (SELECT FROM rebuilds r WHERE r.rebuild_id = $1 AND r.state = 'running' AND r.planned)
    AND NOT EXISTS (SELECT FROM rebuild_spaces s WHERE s.rebuild_id = $1 AND NOT s.damaged) AS done
