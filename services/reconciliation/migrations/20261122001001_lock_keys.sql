-- migrate:up
-- What key_locks.lock asks, in one round trip: a row a key, locked until the transaction or the savepoint ends.
CREATE FUNCTION lock_keys(keys text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    hashes bigint[] := ARRAY(
        SELECT DISTINCT hashtextextended(key, 0) AS key_hash FROM unnest(keys) AS key ORDER BY key_hash);
    made bigint[];
BEGIN
    -- A row that another transaction has just made is waited for here, in the same order as the others below.
    WITH new AS (INSERT INTO key_locks SELECT unnest(hashes) ON CONFLICT DO NOTHING RETURNING key_hash)
    SELECT array_agg(key_hash) INTO made FROM new;
    -- What this transaction has made nobody else can lock.
    PERFORM FROM key_locks WHERE key_hash = ANY (hashes) AND key_hash NOT IN (SELECT unnest(made))
        ORDER BY key_hash FOR UPDATE;
END
$$;

-- migrate:down
DROP FUNCTION lock_keys(text[]);
