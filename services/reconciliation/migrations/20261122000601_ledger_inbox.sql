-- migrate:up
-- The ledger as an office works through it: what is open in a county, the oldest first, and how many of each kind.
ALTER TABLE discrepancies ADD COLUMN county text;
ALTER TABLE discrepancies ADD COLUMN owner text;
UPDATE discrepancies SET county = convert_from(event, 'UTF8')::jsonb ->> 'county',
    owner = convert_from(event, 'UTF8')::jsonb ->> 'owner';
ALTER TABLE discrepancies ALTER COLUMN county SET NOT NULL;
ALTER TABLE discrepancies ALTER COLUMN owner SET NOT NULL;
CREATE INDEX discrepancies_open ON discrepancies (county, first_seen, discrepancy_id) WHERE open;
CREATE INDEX discrepancies_of_kind ON discrepancies (county, kind, owner, first_seen, discrepancy_id) WHERE open;

-- What people did with entries, in order. until: of one put off, the day on which it waits again.
CREATE TABLE discrepancy_acts (
    discrepancy_id uuid NOT NULL,
    at timestamptz NOT NULL,
    act text NOT NULL,
    account text NOT NULL,
    reason text NOT NULL,
    until date,
    PRIMARY KEY (discrepancy_id, at)
);

-- migrate:down
DROP TABLE discrepancy_acts;
ALTER TABLE discrepancies DROP COLUMN owner;
ALTER TABLE discrepancies DROP COLUMN county;
