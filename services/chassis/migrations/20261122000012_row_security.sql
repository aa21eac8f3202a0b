-- migrate:up
-- What is shown to a caller is read as reliefstream_reader (chassis/identity/reading.py), which sees the rows that the
-- caller's grants reach and adds to the audit log. Each entry of the setting is a county, a county/city, or *: all. Unset
-- or empty: no row.
CREATE FUNCTION reader_sees(county text, city text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        '*' = ANY (reached) OR county = ANY (reached) OR county || '/' || city = ANY (reached), false
    ) FROM string_to_array(current_setting('reliefstream.reach', true), E'\n') AS reached
$$;

GRANT INSERT (at, who, role, act, object, outcome, why_hash), SELECT (id) ON audit_log TO reliefstream_reader;
GRANT INSERT ON audit_texts TO reliefstream_reader;

-- migrate:down
DROP FUNCTION reader_sees(text, text);
