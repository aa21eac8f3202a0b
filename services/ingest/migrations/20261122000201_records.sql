-- migrate:up
CREATE TABLE records (
    county text NOT NULL,
    source text NOT NULL CHECK (source IN ('doj', 'court')),
    record_id text NOT NULL,
    -- As the source counts: DOJ's extract, the court's revision; -1 while nothing of it could be read.
    revision bigint NOT NULL,
    -- How often it was recorded; 0: it waits, and was never published.
    sequence int NOT NULL,
    -- What uniting and comparing needs: DOJ's accepted rows without numbers that are dropped; a court's digest.
    content json NOT NULL,
    -- Of a court's case its last event as JSON, to be published again without a count that a court sealed.
    last_case bytea,
    PRIMARY KEY (county, source, record_id)
);
CREATE TABLE counts (
    county text NOT NULL,
    status text NOT NULL CHECK (status IN ('recorded', 'repeat', 'quarantined')),
    total bigint NOT NULL,
    PRIMARY KEY (county, status)
);

-- migrate:down
DROP TABLE counts;
DROP TABLE records;
