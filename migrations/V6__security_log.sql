-- What has no events: sign-ins, revocations, looks by support, erasures, acts of admins. Append-only, never rebuilt.
-- `account_id` is whom it is about, `actor_id` who did it if that was somebody else. Moments are ms since the Unix epoch.

create table security_log (
    entry_id   uuid   primary key,
    account_id uuid,
    at         bigint not null,
    act        text   not null,
    actor_id   uuid,
    actor_role text   check (actor_role in ('support', 'admin', 'operator')),
    session_id uuid,
    device_id  uuid,
    network    text,
    about      jsonb  not null default '{}',
    check ((actor_id is null) or (actor_role is not null))
);
create index security_log_account on security_log (account_id, entry_id);
create index security_log_actor on security_log (actor_id, entry_id) where actor_id is not null;
