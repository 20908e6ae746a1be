-- What is wrong with one space is in nobody else's way.

-- A hero and a habit under one id kept their days in the same rows. The index is made while appends wait: a second or two for
-- ten million days.
set local lock_timeout = '10s';
alter table days drop constraint days_pkey;
alter table days add constraint days_pkey primary key (space_id, entity_id, entity, day);

-- Spaces that a rebuild had to leave for another reason than their log (`failed`) stay listed as those with a damaged log do.
alter table rebuild_spaces add column failed boolean not null default false;
alter table rebuilds add column spaces_failed bigint not null default 0;
