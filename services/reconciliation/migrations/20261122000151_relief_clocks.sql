-- migrate:up
-- What court and DOJ owe for relief. sequence: of the event of relief that started or ended the clock, on the day
-- moved_on. look_on: when it is looked at next; null: it was ended, or has rung and has an open discrepancy.
CREATE TABLE relief_clocks (
    relief_id uuid NOT NULL,
    duty text NOT NULL,
    sequence int NOT NULL,
    conviction bytea NOT NULL,
    moved_on date NOT NULL,
    look_on date,
    PRIMARY KEY (relief_id, duty)
);
CREATE INDEX relief_clocks_to_look_at ON relief_clocks (look_on) WHERE look_on IS NOT NULL;

-- Which part of the service finds it again, and so may say that it is gone.
ALTER TABLE discrepancies ADD COLUMN found_by text NOT NULL DEFAULT 'records';
ALTER TABLE discrepancies ADD COLUMN last_seen timestamptz;
UPDATE discrepancies SET last_seen = first_seen;
ALTER TABLE discrepancies ALTER COLUMN last_seen SET NOT NULL;

-- migrate:down
ALTER TABLE discrepancies DROP COLUMN last_seen;
ALTER TABLE discrepancies DROP COLUMN found_by;
DROP TABLE relief_clocks;
