DELETE FROM restores
WHERE sha256 = $1
