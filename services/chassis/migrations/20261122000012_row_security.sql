-- migrate:up
-- What is shown to a caller is read as reliefstream_reader (chassis/identity/row_security.py), which sees the rows that the
-- caller's grants reach and adds to the audit log. Each entry of the setting is a county, a county/city, or *: all. Unset
-- or empty: no row.
CREATE FUNCTION reached() RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(string_to_array(current_setting('reliefstream.reach', true), E'\n'), '{}')
$$;

-- The entries of which one must be reached for a row of that county, routed to that city's attorney or to none.
CREATE FUNCTION reached_by(county text, city text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY['*', county, county || '/' || city]
$$;

CREATE FUNCTION reader_sees(county text, city text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT reached() && reached_by(county, city)
$$;

-- The flow sees every row of the table, a reader those of its counties and cities; other_rows: those besides. All three
-- are SQL expressions on a row.
CREATE PROCEDURE protect(
    protected regclass, county text, city text DEFAULT 'NULL', other_rows text DEFAULT 'false'
) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', protected);
    EXECUTE format('CREATE POLICY flow ON %s TO reliefstream_flow USING (true)', protected);
    -- As reader_sees, but the setting is read once for a statement, and no array is made for each row.
    EXECUTE format(
        'CREATE POLICY reader ON %1$s FOR SELECT TO reliefstream_reader USING (
             (SELECT ''*'' = ANY (reached())) OR (%2$s)::text = ANY ((SELECT reached())::text[])
             OR (%2$s)::text || ''/'' || (%3$s)::text = ANY ((SELECT reached())::text[]) OR (%4$s))',
        protected, county, city, other_rows
    );
    EXECUTE format('GRANT SELECT ON %s TO reliefstream_reader', protected);
END
$$;

CREATE PROCEDURE unprotect(protected regclass) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('REVOKE SELECT ON %s FROM reliefstream_reader', protected);
    EXECUTE format('DROP POLICY reader ON %s', protected);
    EXECUTE format('DROP POLICY flow ON %s', protected);
    EXECUTE format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', protected);
END
$$;

GRANT INSERT (at, who, role, act, object, outcome, why_hash), SELECT (id) ON audit_log TO reliefstream_reader;
GRANT INSERT ON audit_texts TO reliefstream_reader;

-- migrate:down
DROP PROCEDURE unprotect(regclass);
DROP PROCEDURE protect(regclass, text, text, text);
DROP FUNCTION reader_sees(text, text);
DROP FUNCTION reached_by(text, text);
DROP FUNCTION reached();
