-- What bounds the walks of admins and of whoever searches one space: see docs/decisions/0024-the-audit-log.md.

-- A search in one space looks at no other's rows, whatever else is asked for.
create index audit_log_space_entity on audit_log (space_id, entity_id, recorded_at);
create index audit_log_space_session on audit_log (space_id, session_id, recorded_at);
create index audit_log_space_device on audit_log (space_id, device_id, recorded_at);
create index audit_log_space_transaction on audit_log (space_id, transaction_id);

-- Accounts that are few among all, by address: staff, and those that do not stand as others do.
create index accounts_staff on accounts (lower(email) collate "C") where role <> 'user';
create index accounts_locked on accounts (lower(email) collate "C") where locked_at is not null;
create index accounts_leaving on accounts (lower(email) collate "C") where erase_after is not null;
create index accounts_unproven on accounts (lower(email) collate "C") where verified_at is null;
