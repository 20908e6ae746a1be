-- Hints to other nodes, each text a notification. A transaction of its own: one that writes to a log never notifies.
select pg_notify('levelup_hints', letter) from unnest($1::text[]) as letter
