-- migrate:up
-- Who discarded a letter; ended_why says why.
ALTER TABLE dead_letters ADD COLUMN ended_by text NOT NULL DEFAULT '';

-- migrate:down
ALTER TABLE dead_letters DROP COLUMN ended_by;
