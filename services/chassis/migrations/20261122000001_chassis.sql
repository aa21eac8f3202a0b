-- migrate:up
-- What the role that runs a service may do, on this table and all that follow: rows, and no schema. The roles are made
-- beforehand (deploy/local/servers/postgres_roles.py); migrations run as the owner of the database.
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO reliefstream_flow;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO reliefstream_flow;

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
    messages bytea NOT NULL -- of all events (chassis/outbox/outbox.py)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
-- Gone within the second: compressing them costs more than writing them.
ALTER TABLE outbox ALTER messages SET STORAGE EXTERNAL;

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
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM reliefstream_flow;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM reliefstream_flow;
