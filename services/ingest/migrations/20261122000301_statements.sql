-- migrate:up
-- Every revision of each statement of fact, as it went to records-v1: nothing is changed here, and sealing alone deletes.
CREATE TABLE statements (
    county text NOT NULL,
    statement_id text NOT NULL COLLATE "C",
    revision int NOT NULL,
    body bytea NOT NULL,
    -- Where the counts that it names may stand: records and cases.
    places text[] NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (county, statement_id, revision)
);
CREATE INDEX statements_by_place ON statements USING gin (places);

-- migrate:down
DROP TABLE statements;
