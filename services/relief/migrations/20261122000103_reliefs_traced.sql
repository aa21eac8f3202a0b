-- migrate:up
-- The trace context of the county's record that last changed a relief, for what people decide on it later.
ALTER TABLE reliefs ADD COLUMN traceparent text;

-- migrate:down
ALTER TABLE reliefs DROP COLUMN traceparent;
