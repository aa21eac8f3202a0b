-- migrate:up
-- The trace context of the county's record, for the webhook's header; NULL where it was published before.
ALTER TABLE dismissals ADD COLUMN traceparent text;

-- migrate:down
ALTER TABLE dismissals DROP COLUMN traceparent;
