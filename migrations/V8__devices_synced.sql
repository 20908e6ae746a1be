-- When a device last said how far it has read ("synced 2 minutes ago"), ms since the Unix epoch; null before this.

alter table space_devices add column last_synced_at bigint;
