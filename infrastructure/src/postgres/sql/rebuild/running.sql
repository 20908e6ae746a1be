-- Who rebuilds: the session that holds the place. A session that ended holds nothing.
CREATE TABLE IF NOT EXISTS rebuild.running (
    only_row      boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    pid           integer NOT NULL,
    backend_start timestamptz NOT NULL
)
