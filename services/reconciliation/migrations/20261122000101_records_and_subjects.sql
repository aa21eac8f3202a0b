-- migrate:up
-- The latest of each source record, and the subject that it is linked to. A withdrawn record keeps the id of a
-- subject that has no other record, so that it finds it again if it comes back.
CREATE TABLE records (
    record_key text PRIMARY KEY,
    sequence bigint NOT NULL,
    type text NOT NULL,
    body bytea NOT NULL,
    withdrawn boolean NOT NULL,
    subject_id uuid
);
CREATE INDEX records_of_subject ON records (subject_id);

-- One row an identifier, to lock before anything of a person is read. Oversized: held by too many records to
-- name anybody, so nothing is linked through it.
CREATE TABLE identifiers (
    identifier text PRIMARY KEY,
    oversized boolean NOT NULL DEFAULT false
);

CREATE TABLE record_identifiers (
    identifier text NOT NULL,
    record_key text NOT NULL,
    PRIMARY KEY (identifier, record_key)
);
CREATE INDEX identifiers_of_record ON record_identifiers (record_key);

-- Every subject that ever was; a retired one points to its successor for ever. content: a digest of what was
-- published last, its version left out.
CREATE TABLE subjects (
    subject_id uuid PRIMARY KEY,
    version int NOT NULL,
    content bytea NOT NULL,
    in_doubt boolean NOT NULL,
    retired_into uuid
);

CREATE TABLE discrepancies (
    discrepancy_id uuid PRIMARY KEY,
    version int NOT NULL,
    kind text NOT NULL,
    open boolean NOT NULL,
    subject_id uuid NOT NULL,
    first_seen timestamptz NOT NULL,
    event bytea NOT NULL
);
CREATE INDEX open_discrepancies_of_subject ON discrepancies (subject_id) WHERE open;

-- migrate:down
DROP TABLE discrepancies;
DROP TABLE subjects;
DROP TABLE record_identifiers;
DROP TABLE identifiers;
DROP TABLE records;
