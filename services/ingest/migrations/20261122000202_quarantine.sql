-- migrate:up
CREATE TABLE quarantine (
    quarantine_id uuid PRIMARY KEY,
    county text NOT NULL,
    receipt_id text NOT NULL,
    -- doj or court; empty where the sender did not say.
    format text NOT NULL,
    record_id text,
    quarantined_at timestamptz NOT NULL,
    status text NOT NULL CHECK (status IN ('open', 'resubmitted')),
    attempts int NOT NULL DEFAULT 0,
    codes text[] NOT NULL,
    problems json NOT NULL,
    headers json NOT NULL,
    -- As sent, without social security and licence numbers.
    raw bytea NOT NULL
);
CREATE INDEX quarantine_by_county ON quarantine (county, quarantined_at, quarantine_id);

-- migrate:down
DROP TABLE quarantine;
