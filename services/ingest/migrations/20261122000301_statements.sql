-- migrate:up
-- Every revision of each statement of fact, as it went to records-v1: nothing is changed or deleted here.
CREATE TABLE statements (
    county text NOT NULL,
    statement_id text NOT NULL COLLATE "C",
    revision int NOT NULL,
    body bytea NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (county, statement_id, revision)
);

-- migrate:down
DROP TABLE statements;
