-- migrate:up
-- An entry is of a content, however often it is sent. What was kept before is of one sending each.
-- Receipts of messages_of that name it: not of what was tried again.
ALTER TABLE quarantine ADD COLUMN sent int NOT NULL DEFAULT 1;
ALTER TABLE quarantine ADD COLUMN last_sent_at timestamptz;
-- Since when it waits: later than quarantined_at where it was dealt with and came again.
ALTER TABLE quarantine ADD COLUMN opened_at timestamptz;
UPDATE quarantine SET last_sent_at = quarantined_at, opened_at = quarantined_at;
-- The defaults are for replicas of the version before, which run on for a moment.
ALTER TABLE quarantine ALTER COLUMN last_sent_at SET DEFAULT now(), ALTER COLUMN last_sent_at SET NOT NULL;
ALTER TABLE quarantine ALTER COLUMN opened_at SET DEFAULT now(), ALTER COLUMN opened_at SET NOT NULL;

-- All entries of a record, and what is kept too long, for erasing.
CREATE INDEX quarantine_records ON quarantine (county, format, record_id) WHERE record_id IS NOT NULL;
CREATE INDEX quarantine_last_sent ON quarantine (last_sent_at) WHERE octet_length(raw) > 0;

-- migrate:down
DROP INDEX quarantine_last_sent;
DROP INDEX quarantine_records;
ALTER TABLE quarantine DROP COLUMN opened_at;
ALTER TABLE quarantine DROP COLUMN last_sent_at;
ALTER TABLE quarantine DROP COLUMN sent;
