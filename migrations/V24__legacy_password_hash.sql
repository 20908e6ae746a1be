-- The hash that the legacy system knew of a password whose hash was renewed here, for as long as that password stands: an
-- account that goes back has to let its owner in there.
ALTER TABLE accounts ADD COLUMN legacy_password_hash text;
