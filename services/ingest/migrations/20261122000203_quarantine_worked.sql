-- migrate:up
-- An entry is open until it went through after all, the county sent something newer, or somebody discarded it.
-- It is never deleted, whatever becomes of it.
ALTER TABLE quarantine RENAME COLUMN status TO state;
ALTER TABLE quarantine DROP CONSTRAINT quarantine_status_check;
ALTER TABLE quarantine ADD CHECK (state IN ('open', 'resubmitted', 'superseded', 'discarded'));
-- 'record': nothing of the message was recorded. 'rows': these rows of a rap sheet whose others were.
ALTER TABLE quarantine ADD COLUMN kind text NOT NULL DEFAULT 'record' CHECK (kind IN ('record', 'rows'));
-- As the source counts; NULL where it could not be read.
ALTER TABLE quarantine ADD COLUMN revision bigint;
ALTER TABLE quarantine ADD COLUMN fields text[] NOT NULL DEFAULT '{}';
ALTER TABLE quarantine ADD COLUMN profile text NOT NULL DEFAULT '';
ALTER TABLE quarantine ADD COLUMN file_sha256 text NOT NULL DEFAULT '';
-- The day in the county on which it was refused first.
ALTER TABLE quarantine ADD COLUMN day date;
ALTER TABLE quarantine ADD COLUMN ended_at timestamptz;
ALTER TABLE quarantine ADD COLUMN ended_why text NOT NULL DEFAULT '';
ALTER TABLE quarantine ADD COLUMN ended_by text NOT NULL DEFAULT '';
-- Each attempt in order, the first refusal included: at, outcome, receipt, reasons, profile, who.
ALTER TABLE quarantine ADD COLUMN history jsonb NOT NULL DEFAULT '[]';
UPDATE quarantine SET
    day = (quarantined_at AT TIME ZONE 'America/Los_Angeles')::date,
    profile = left(coalesce(headers ->> 'profile', ''), 100),
    file_sha256 = left(coalesce(headers ->> 'file_sha256', ''), 64),
    ended_at = CASE WHEN state = 'resubmitted' THEN quarantined_at END;
ALTER TABLE quarantine ALTER COLUMN day SET NOT NULL;
CREATE INDEX quarantine_in_order ON quarantine (quarantined_at, quarantine_id);
CREATE INDEX quarantine_open ON quarantine (county, quarantined_at, quarantine_id) WHERE state = 'open';
CREATE INDEX quarantine_open_records ON quarantine (county, format, record_id) WHERE state = 'open';

-- migrate:down
DROP INDEX quarantine_open_records;
DROP INDEX quarantine_open;
DROP INDEX quarantine_in_order;
UPDATE quarantine SET state = 'resubmitted' WHERE state IN ('superseded', 'discarded');
ALTER TABLE quarantine DROP COLUMN history;
ALTER TABLE quarantine DROP COLUMN ended_by;
ALTER TABLE quarantine DROP COLUMN ended_why;
ALTER TABLE quarantine DROP COLUMN ended_at;
ALTER TABLE quarantine DROP COLUMN day;
ALTER TABLE quarantine DROP COLUMN file_sha256;
ALTER TABLE quarantine DROP COLUMN profile;
ALTER TABLE quarantine DROP COLUMN fields;
ALTER TABLE quarantine DROP COLUMN revision;
ALTER TABLE quarantine DROP COLUMN kind;
ALTER TABLE quarantine DROP CONSTRAINT quarantine_state_check;
ALTER TABLE quarantine RENAME COLUMN state TO status;
ALTER TABLE quarantine ADD CHECK (status IN ('open', 'resubmitted'));
