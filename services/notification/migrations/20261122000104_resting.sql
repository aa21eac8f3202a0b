-- migrate:up
-- Not NULL: too many attempts in a row failed; until then nothing goes there, and afterwards one attempt at a time.
ALTER TABLE subscriptions ADD COLUMN resting_until timestamptz;

-- migrate:down
ALTER TABLE subscriptions DROP COLUMN resting_until;
