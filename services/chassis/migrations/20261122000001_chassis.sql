-- migrate:up
CREATE TABLE consumed_offsets (
    consumer text NOT NULL,
    topic text NOT NULL,
    partition int NOT NULL,
    next_offset bigint NOT NULL,
    PRIMARY KEY (consumer, topic, partition)
);

-- One row a transaction; the relay numbers rows in batches before it publishes them.
CREATE TABLE outbox (
    id bigserial PRIMARY KEY,
    batch bigint,
    events int NOT NULL,
    topics text[] NOT NULL,
    keys text[] NOT NULL,
    headers text[] NOT NULL,
    payloads bytea[] NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

CREATE TABLE relay_numbering (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    last_batch bigint NOT NULL
);
INSERT INTO relay_numbering (last_batch) VALUES (0);

CREATE TABLE dead_letters (
    id bigserial PRIMARY KEY,
    consumer text NOT NULL,
    topic text NOT NULL,
    partition int NOT NULL,
    "offset" bigint NOT NULL,
    key text,
    headers jsonb NOT NULL,
    value bytea NOT NULL,
    reason text NOT NULL,
    detail text NOT NULL,
    at timestamptz NOT NULL,
    UNIQUE (consumer, topic, partition, "offset")
);

-- migrate:down
DROP TABLE dead_letters;
DROP TABLE relay_numbering;
DROP TABLE outbox;
DROP TABLE consumed_offsets;
