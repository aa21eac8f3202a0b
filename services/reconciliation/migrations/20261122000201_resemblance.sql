-- migrate:up
-- What of a record is compared with other records' (descriptions.py); null while it is withdrawn. The keys of
-- a record in record_identifiers are its identifiers, its blocks (like:...) and what was decided (said:...).
ALTER TABLE records ADD COLUMN description text;

-- What a person decided about two records, one < other: one person's, or two persons'. A later decision supersedes it.
CREATE TABLE link_decisions (
    one text NOT NULL,
    other text NOT NULL,
    same boolean NOT NULL,
    decided_by text NOT NULL,
    reason text NOT NULL,
    decided_at timestamptz NOT NULL,
    superseded_at timestamptz
);
CREATE UNIQUE INDEX valid_decisions ON link_decisions (one, other) WHERE superseded_at IS NULL;
CREATE INDEX decisions_by_one ON link_decisions (one);
CREATE INDEX decisions_by_other ON link_decisions (other);

CREATE INDEX oversized_identifiers ON identifiers (identifier) WHERE oversized;

-- migrate:down
DROP INDEX oversized_identifiers;
DROP TABLE link_decisions;
ALTER TABLE records DROP COLUMN description;
