-- What the database's clock shows, to compare a node's with. No order is made of it.
select (extract(epoch from clock_timestamp()) * 1000)::bigint as now_ms
