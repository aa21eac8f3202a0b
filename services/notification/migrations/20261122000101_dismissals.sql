-- migrate:up
CREATE TABLE dismissals (
    relief_id uuid PRIMARY KEY,
    event_id uuid NOT NULL UNIQUE,
    subject_id uuid NOT NULL,
    county text NOT NULL,
    published_at timestamptz NOT NULL,
    -- json, not jsonb: the text stays as it was published.
    event json NOT NULL
);
CREATE INDEX dismissals_by_subject ON dismissals (subject_id, published_at);
CREATE INDEX dismissals_by_publication ON dismissals (published_at);

-- migrate:down
DROP TABLE dismissals;
