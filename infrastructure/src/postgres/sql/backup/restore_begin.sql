INSERT INTO restores (name, sha256, epoch, began_at)
VALUES ($1, $2, $3, $4)
ON CONFLICT (only_row) DO NOTHING
