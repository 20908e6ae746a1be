-- What the hero of a space has gathered.
SELECT xp, tasks_completed, energy_day
FROM heroes
WHERE space_id = $1 AND id = $1
