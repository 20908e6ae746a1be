-- The next number; nobody else gets it.
UPDATE system
SET beats = beats + 1
RETURNING epoch, beats
