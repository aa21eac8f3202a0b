-- migrate:up
-- Who did what, when: rows are only ever added. sequence, chained_at and hash are null until chain_audit has linked the row.
CREATE TABLE audit_log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    who text NOT NULL,
    role text NOT NULL,
    act text NOT NULL,
    object text NOT NULL,
    outcome text NOT NULL,
    why_hash bytea,
    sequence bigint UNIQUE,
    chained_at timestamptz,
    hash bytea,
    CHECK ((sequence IS NULL) = (hash IS NULL) AND (sequence IS NULL) = (chained_at IS NULL))
);
CREATE INDEX unchained_audit ON audit_log (id) WHERE sequence IS NULL;
CREATE INDEX audit_with_reason ON audit_log (object) WHERE why_hash IS NOT NULL;

-- The free text of a row, which may name a person: erased without a change to the chain, which holds its salted hash.
CREATE TABLE audit_texts (
    id bigint PRIMARY KEY REFERENCES audit_log,
    salt bytea NOT NULL,
    text text NOT NULL
);

-- The chain's heads that were signed and published.
CREATE TABLE audit_heads (
    sequence bigint PRIMARY KEY,
    hash bytea NOT NULL,
    at timestamptz NOT NULL
);

-- A field of what is hashed: its length in bytes (4 bytes, big-endian; -1: null) and its UTF-8.
CREATE FUNCTION audit_field(field text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN field IS NULL THEN int4send(-1)
                ELSE int4send(octet_length(convert_to(field, 'UTF8'))) || convert_to(field, 'UTF8') END
$$;

-- Links rows that are committed and have no link, in the order of their ids; returns how many. A row that commits late
-- is linked late, so no row is passed over. services/chassis/audit/chain.py computes the same hash.
CREATE FUNCTION chain_audit(at_most int, chained timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    entry audit_log;
    linked bigint;
    previous bytea;
    done int := 0;
BEGIN
    IF NOT EXISTS (SELECT FROM audit_log WHERE sequence IS NULL)
        OR NOT pg_try_advisory_xact_lock(hashtextextended('audit chain', 0)) THEN
        RETURN 0;
    END IF;
    SELECT sequence, hash INTO linked, previous FROM audit_log
        WHERE sequence IS NOT NULL ORDER BY sequence DESC LIMIT 1;
    linked := coalesce(linked, 0);
    previous := coalesce(previous, '\x');
    FOR entry IN SELECT * FROM audit_log WHERE sequence IS NULL ORDER BY id LIMIT at_most LOOP
        linked := linked + 1;
        previous := sha256(
            previous || audit_field(linked::text)
            || audit_field((extract(epoch FROM entry.at) * 1000000)::bigint::text)
            || audit_field(entry.who) || audit_field(entry.role) || audit_field(entry.act)
            || audit_field(entry.object) || audit_field(entry.outcome)
            || audit_field(encode(entry.why_hash, 'hex'))
            || audit_field((extract(epoch FROM chained) * 1000000)::bigint::text)
        );
        UPDATE audit_log SET sequence = linked, chained_at = chained, hash = previous WHERE id = entry.id;
        done := done + 1;
    END LOOP;
    RETURN done;
END
$$;

-- A running service only adds rows; free text it may also erase; what links a row, chain_audit alone writes.
REVOKE INSERT, UPDATE, DELETE ON audit_log, audit_texts, audit_heads FROM reliefstream_flow;
GRANT INSERT (at, who, role, act, object, outcome, why_hash) ON audit_log TO reliefstream_flow;
GRANT INSERT, DELETE ON audit_texts TO reliefstream_flow;
GRANT INSERT ON audit_heads TO reliefstream_flow;
REVOKE ALL ON FUNCTION chain_audit(int, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION chain_audit(int, timestamptz) TO reliefstream_flow;

-- migrate:down
DROP FUNCTION chain_audit(int, timestamptz);
DROP FUNCTION audit_field(text);
DROP TABLE audit_heads;
DROP TABLE audit_texts;
DROP TABLE audit_log;
