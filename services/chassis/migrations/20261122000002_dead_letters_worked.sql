-- migrate:up
-- A letter is open until it was processed after all, or somebody discarded it and said why.
ALTER TABLE dead_letters ADD COLUMN record_at timestamptz;
ALTER TABLE dead_letters ADD COLUMN ended_at timestamptz;
ALTER TABLE dead_letters ADD COLUMN ended text CHECK (ended IN ('processed', 'discarded'));
ALTER TABLE dead_letters ADD COLUMN ended_why text NOT NULL DEFAULT '';
UPDATE dead_letters SET record_at = at;
ALTER TABLE dead_letters ALTER COLUMN record_at SET NOT NULL;
CREATE INDEX open_dead_letters ON dead_letters (consumer) WHERE ended IS NULL;

-- migrate:down
DROP INDEX open_dead_letters;
ALTER TABLE dead_letters DROP COLUMN ended_why;
ALTER TABLE dead_letters DROP COLUMN ended;
ALTER TABLE dead_letters DROP COLUMN ended_at;
ALTER TABLE dead_letters DROP COLUMN record_at;
