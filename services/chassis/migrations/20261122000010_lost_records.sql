-- migrate:up
-- Records that a topic no longer had when their consumer came to them: from_offset, and all before to_offset.
CREATE TABLE lost_records (
    id bigserial PRIMARY KEY,
    consumer text NOT NULL,
    topic text NOT NULL,
    partition int NOT NULL,
    from_offset bigint NOT NULL,
    to_offset bigint NOT NULL,
    noticed_at timestamptz NOT NULL,
    acknowledged_at timestamptz,
    acknowledged_why text NOT NULL DEFAULT '',
    acknowledged_by text NOT NULL DEFAULT ''
);

-- migrate:down
DROP TABLE lost_records;
