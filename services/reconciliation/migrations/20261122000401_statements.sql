-- migrate:up
-- The latest revision of each statement of fact, and what has become of it (linkage/conviction/statements.py).
CREATE TABLE statements (
    statement_key text PRIMARY KEY,
    county text NOT NULL,
    statement_id text NOT NULL COLLATE "C",
    revision int NOT NULL,
    body bytea NOT NULL,
    status text NOT NULL CHECK (status IN ('applied', 'waiting', 'stale', 'withdrawn')),
    reason text NOT NULL
);
CREATE INDEX statements_of_county ON statements (county, statement_id);
CREATE INDEX statements_by_status ON statements (county, status, statement_id);

-- The records whose counts it names, whether they have come or not.
CREATE TABLE named_records (
    record_key text NOT NULL,
    statement_key text NOT NULL,
    PRIMARY KEY (record_key, statement_key)
);
CREATE INDEX named_by_statement ON named_records (statement_key);

-- migrate:down
DROP TABLE named_records;
DROP TABLE statements;
