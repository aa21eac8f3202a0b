-- migrate:up
-- A history is shown whole to a county in which one of its convictions is, and to a city's attorney to whom one is routed;
-- one that has none, retired ones too, to callers of the whole installation. Parsed as it is read, so that the flow pays
-- nothing.
CREATE FUNCTION reader_sees_history(history text, determinations text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM jsonb_path_query(history::jsonb, '$.convictions[*].county') AS county
        WHERE reader_sees(county #>> '{}', NULL)
    ) OR EXISTS (
        SELECT FROM jsonb_array_elements(determinations::jsonb) AS found
        WHERE reader_sees(found ->> 'county', found ->> 'city')
    )
$$;

CALL protect('subjects', 'NULL', other_rows => 'reader_sees_history(history, determinations)');
GRANT SELECT ON in_force TO reliefstream_reader;

-- migrate:down
REVOKE SELECT ON in_force FROM reliefstream_reader;
CALL unprotect('subjects');
DROP FUNCTION reader_sees_history(text, text);
