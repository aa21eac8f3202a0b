-- migrate:up
-- Convictions that a court sealed and that a history may still have (sealing.py). looked_at: when it was looked at last.
CREATE TABLE forgetting (
    relief_id uuid PRIMARY KEY,
    subject_id uuid NOT NULL,
    counts text[] NOT NULL,
    looked_at timestamptz NOT NULL DEFAULT '-infinity'
);

-- migrate:down
DROP TABLE forgetting;
