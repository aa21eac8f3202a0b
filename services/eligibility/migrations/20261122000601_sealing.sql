-- migrate:up
-- Convictions that a court sealed and that a history may still have (sealing.py). looked_at: when it was looked at last.
CREATE TABLE forgetting (
    relief_id uuid PRIMARY KEY,
    subject_id uuid NOT NULL,
    counts text[] NOT NULL,
    -- Of the request that named these counts: an earlier one changes nothing.
    sequence int NOT NULL,
    looked_at timestamptz NOT NULL DEFAULT '-infinity'
);
CREATE INDEX forgetting_looked_at ON forgetting (looked_at);

-- What the statistics count of a sealed conviction, and as whom: facts as [by, group, outcome].
CREATE TABLE sealed_determinations (
    relief_id uuid PRIMARY KEY,
    counted_as uuid NOT NULL,
    county text NOT NULL,
    outcome text NOT NULL,
    facts jsonb NOT NULL
);
CREATE INDEX sealed_determinations_of_person ON sealed_determinations (counted_as);
-- As whom the persons count of whom something was sealed, as long as something of them is here.
CREATE TABLE persons_counted (
    subject_id uuid PRIMARY KEY,
    counted_as uuid NOT NULL
);
CREATE INDEX persons_counted_as ON persons_counted (counted_as);

-- migrate:down
DROP TABLE persons_counted;
DROP TABLE sealed_determinations;
DROP TABLE forgetting;
