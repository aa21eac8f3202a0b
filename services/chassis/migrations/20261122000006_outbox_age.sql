-- migrate:up
-- Since when a row waits for the relay.
ALTER TABLE outbox ADD COLUMN at timestamptz NOT NULL DEFAULT clock_timestamp();

-- migrate:down
ALTER TABLE outbox DROP COLUMN at;
