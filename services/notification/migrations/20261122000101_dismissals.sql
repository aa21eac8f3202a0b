-- migrate:up
CREATE TABLE dismissals (
    relief_id uuid PRIMARY KEY,
    event_id uuid NOT NULL UNIQUE,
    -- NULL: it is sealed, and count_hashes is all that is left of its counts (suppression/sealed_counts.py).
    subject_id uuid,
    count_hashes text[] COLLATE "C",
    -- A clerk took the seal away, maybe before this service heard of it: no hashes are kept.
    seal_removed boolean NOT NULL DEFAULT false,
    county text NOT NULL,
    published_at timestamptz NOT NULL,
    -- json, not jsonb: the text stays as it was published.
    event json NOT NULL
);
CREATE INDEX dismissals_by_subject ON dismissals (subject_id, published_at);
CREATE INDEX dismissals_sealed ON dismissals USING gin (count_hashes) WHERE count_hashes IS NOT NULL;
CREATE INDEX dismissals_by_publication ON dismissals (published_at);

-- migrate:down
DROP TABLE dismissals;
