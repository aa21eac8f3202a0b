-- migrate:up
-- What outbox.next_batch asks, in one round trip: the batch to publish after batch "published", numbered for good.
CREATE FUNCTION next_batch(published bigint, most int)
RETURNS TABLE (number bigint, messages bytea)
LANGUAGE plpgsql AS $$
DECLARE
    numbered bigint;
BEGIN
    -- A relay that is fenced and does not know it yet may be numbering too: what it numbers must be seen below.
    PERFORM FROM relay_numbering FOR UPDATE;
    DELETE FROM outbox WHERE batch <= published;
    SELECT min(batch) INTO numbered FROM outbox;
    IF numbered IS NULL THEN
        UPDATE relay_numbering SET last_batch = last_batch + 1 WHERE EXISTS (SELECT FROM outbox)
            RETURNING last_batch INTO numbered;
        UPDATE outbox SET batch = numbered WHERE id IN (
            SELECT id FROM (
                SELECT id, sum(events) OVER (ORDER BY id) - events AS before
                FROM (SELECT id, events FROM outbox ORDER BY id LIMIT most) AS first
            ) AS waiting WHERE before < most
        );
    END IF;
    IF numbered IS NULL THEN
        -- Only published rows were deleted, which may be done again: not worth waiting for the disk.
        PERFORM set_config('synchronous_commit', 'off', true);
    END IF;
    RETURN QUERY SELECT outbox.batch, outbox.messages FROM outbox WHERE outbox.batch = numbered ORDER BY id;
END
$$;

-- migrate:down
DROP FUNCTION next_batch(bigint, int);
