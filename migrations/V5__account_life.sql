-- The life of an account: a proven address, a lock, the wish to be deleted. Moments are ms since the Unix epoch.

alter table accounts
    add column verified_at  bigint,
    add column locked_at    bigint,
    add column deletion_requested_at bigint,
    add column erase_after  bigint,
    add constraint accounts_deletion check ((deletion_requested_at is null) = (erase_after is null));
create index accounts_erase on accounts (erase_after) where erase_after is not null;

-- What a mail lets its reader do, once. Only the SHA-256 of what the mail says is kept.
create table account_tokens (
    token_hash bytea  primary key check (octet_length(token_hash) = 32),
    account_id uuid   not null references accounts on delete cascade,
    purpose    text   not null check (purpose in ('password_reset', 'email_verification')),
    created_at bigint not null,
    expires_at bigint not null
);
create index account_tokens_account on account_tokens (account_id, purpose);
create index account_tokens_expired on account_tokens (expires_at);

-- Mail that is to be sent. No secret stands here: a token is drawn when the mail is written, so a row is worthless.
create table mails (
    mail_id     uuid   primary key,
    account_id  uuid   not null references accounts on delete cascade,
    kind        text   not null,
    about       jsonb  not null,
    created_at  bigint not null,
    due_at      bigint not null,
    attempts    bigint not null default 0
);
create index mails_due on mails (due_at);
create index mails_account on mails (account_id, kind, created_at);

-- Accounts that were erased, for the case that a backup brings them back. The id is all that is kept of them.
create table erasures (
    account_id   uuid   primary key,
    requested_at bigint not null,
    finished_at  bigint
);
create index erasures_unfinished on erasures (requested_at) where finished_at is null;
