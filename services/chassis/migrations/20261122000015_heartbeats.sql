-- migrate:up
-- Where each heartbeat stands on its topic until compaction has removed it (chassis/outbox/heartbeats.py).
CREATE TABLE heartbeats (
    topic text NOT NULL,
    partition int NOT NULL,
    sent_offset bigint NOT NULL,
    sent_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (topic, partition, sent_offset)
);

-- migrate:down
DROP TABLE heartbeats;
