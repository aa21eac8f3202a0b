-- migrate:up
-- Looked at for sealing: dismissals that a source shows.
CREATE INDEX reliefs_shown ON reliefs (county, relief_id) WHERE state = 'ordered' AND kind = 'dismissal'
    AND (acknowledged_by_court_at IS NOT NULL OR acknowledged_by_doj_at IS NOT NULL);
CREATE INDEX reliefs_to_seal ON reliefs (relief_id) WHERE state = 'seal_due';
CREATE INDEX reliefs_to_seal_of ON reliefs ((conviction ->> 'subject_id')) WHERE state = 'seal_due';

-- The counts that an open discrepancy is about: their conviction is not sealed yet.
CREATE TABLE open_discrepancies (
    discrepancy_id uuid PRIMARY KEY,
    version int NOT NULL,
    open boolean NOT NULL,
    counts text[] NOT NULL
);
CREATE INDEX open_discrepancies_on ON open_discrepancies USING gin (counts) WHERE open;

-- Which service has forgotten which conviction, until all have.
CREATE TABLE forgotten (
    relief_id uuid NOT NULL,
    service text NOT NULL,
    PRIMARY KEY (relief_id, service)
);

-- As whom a person is counted, also when nothing else of the person is left.
ALTER TABLE subjects ADD COLUMN counted_as uuid NOT NULL DEFAULT gen_random_uuid();

-- What is left of a sealed relief: which order sealed it, and what the statistics count.
CREATE TABLE sealed_reliefs (
    relief_id uuid PRIMARY KEY,
    county text NOT NULL,
    order_number text NOT NULL,
    order_on date NOT NULL,
    sealed_at timestamptz NOT NULL,
    sealed_by text,
    counted_as uuid NOT NULL,
    level text,
    race text,
    sex text,
    challenged boolean NOT NULL,
    ruling text,
    took interval
);
CREATE INDEX sealed_reliefs_of_county ON sealed_reliefs (county);

-- migrate:down
DROP TABLE sealed_reliefs;
ALTER TABLE subjects DROP COLUMN counted_as;
DROP TABLE forgotten;
DROP TABLE open_discrepancies;
DROP INDEX reliefs_to_seal_of;
DROP INDEX reliefs_to_seal;
DROP INDEX reliefs_shown;
