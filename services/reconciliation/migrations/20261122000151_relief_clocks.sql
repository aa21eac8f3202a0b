-- migrate:up
-- Relief that a court ordered, once for each source that is to show it. shown_on: when its record did; a clock
-- that has rung has an open discrepancy.
CREATE TABLE relief_clocks (
    relief_id uuid NOT NULL,
    source text NOT NULL,
    conviction bytea NOT NULL,
    ordered_on date NOT NULL,
    due_on date NOT NULL,
    shown_on date,
    rung boolean NOT NULL DEFAULT false,
    PRIMARY KEY (relief_id, source)
);
CREATE INDEX relief_clocks_due ON relief_clocks (due_on) WHERE shown_on IS NULL AND NOT rung;

-- Which part of the service finds it again, and so may say that it is gone.
ALTER TABLE discrepancies ADD COLUMN found_by text NOT NULL DEFAULT 'records';
ALTER TABLE discrepancies ADD COLUMN last_seen timestamptz;
UPDATE discrepancies SET last_seen = first_seen;
ALTER TABLE discrepancies ALTER COLUMN last_seen SET NOT NULL;

-- migrate:down
ALTER TABLE discrepancies DROP COLUMN last_seen;
ALTER TABLE discrepancies DROP COLUMN found_by;
DROP TABLE relief_clocks;
