-- migrate:up
-- Keys that too many records hold to name anybody: nothing is linked through them.
CREATE TABLE oversized_keys (
    identifier text PRIMARY KEY
);
INSERT INTO oversized_keys SELECT identifier FROM identifiers WHERE oversized;
DROP TABLE identifiers;

-- One row a key that was at work lately, as a hash, to lock before anything of a person is read. A row says nothing, so
-- it need not outlive a crash, and a job empties the table (key_locks.py): in the log, each would cost a page.
CREATE UNLOGGED TABLE key_locks (
    key_hash bigint PRIMARY KEY
);
GRANT TRUNCATE ON key_locks TO reliefstream_flow;

-- How often records were linked anew. One row: whoever links last changes it last.
CREATE TABLE link_changes (
    number bigint NOT NULL
);
INSERT INTO link_changes VALUES (0);

-- migrate:down
DROP TABLE link_changes;
DROP TABLE key_locks;
CREATE TABLE identifiers (
    identifier text PRIMARY KEY,
    oversized boolean NOT NULL DEFAULT false
);
INSERT INTO identifiers
    SELECT identifier, oversized_keys.identifier IS NOT NULL
    FROM (SELECT DISTINCT identifier FROM record_identifiers) AS held LEFT JOIN oversized_keys USING (identifier);
CREATE INDEX oversized_identifiers ON identifiers (identifier) WHERE oversized;
DROP TABLE oversized_keys;
