-- migrate:up
-- Convictions that a court sealed and that some record may still have (sealing.py). looked_at: when the records were
-- looked at last.
CREATE TABLE forgetting (
    relief_id uuid PRIMARY KEY,
    counts text[] NOT NULL,
    -- Of the request that named these counts: an earlier one changes nothing.
    sequence int NOT NULL,
    looked_at timestamptz NOT NULL DEFAULT '-infinity'
);
CREATE INDEX forgetting_looked_at ON forgetting (looked_at);
CREATE INDEX discrepancies_of_subject ON discrepancies (subject_id);
CREATE INDEX subjects_retired ON subjects (retired_into) WHERE retired_into IS NOT NULL;

-- Of persons whose rap sheet was erased with its last conviction: that one had come, by a record that remains.
CREATE TABLE erased_sheets (
    record_key text PRIMARY KEY,
    sheet text NOT NULL CHECK (sheet IN ('complete', 'incomplete'))
);

-- The records that an entry names: those of its counts, those of a doubtful identity, and what resolved it. The person
-- under whom it is filed may have had them only once.
ALTER TABLE discrepancies ADD COLUMN records text[] NOT NULL DEFAULT '{}';
CREATE INDEX discrepancies_naming ON discrepancies USING gin (records);

-- migrate:down
DROP INDEX discrepancies_naming;
ALTER TABLE discrepancies DROP COLUMN records;
DROP INDEX subjects_retired;
DROP INDEX discrepancies_of_subject;
DROP TABLE erased_sheets;
DROP TABLE forgetting;
