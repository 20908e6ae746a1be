-- Hints of other nodes; never on a connection of the pool.
listen levelup_hints
