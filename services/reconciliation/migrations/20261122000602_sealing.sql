-- migrate:up
-- Convictions that a court sealed and that some record may still have (sealing.py). looked_at: when the records were
-- looked at last.
CREATE TABLE forgetting (
    relief_id uuid PRIMARY KEY,
    subjects uuid[] NOT NULL,
    counts text[] NOT NULL,
    looked_at timestamptz NOT NULL DEFAULT '-infinity'
);
CREATE INDEX discrepancies_of_subject ON discrepancies (subject_id);

-- migrate:down
DROP INDEX discrepancies_of_subject;
DROP TABLE forgetting;
