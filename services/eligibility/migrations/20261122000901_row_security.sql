-- migrate:up
-- A history is shown whole to a county in which one of its convictions is; one that has none, retired ones too, to callers
-- of the whole installation. Parsed as it is read, so that the flow pays nothing.
CREATE FUNCTION reader_sees_history(history text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN reader_sees('*', NULL) THEN true ELSE EXISTS (
        SELECT FROM jsonb_path_query(history::jsonb, '$.convictions[*].county') AS county
        WHERE reader_sees(county #>> '{}', NULL)
    ) END
$$;

ALTER TABLE subjects ENABLE ROW LEVEL SECURITY;
CREATE POLICY flow ON subjects TO reliefstream_flow USING (true);
CREATE POLICY reader ON subjects FOR SELECT TO reliefstream_reader USING (reader_sees_history(history));
GRANT SELECT ON subjects, in_force TO reliefstream_reader;

-- migrate:down
REVOKE SELECT ON subjects, in_force FROM reliefstream_reader;
DROP POLICY reader ON subjects;
DROP POLICY flow ON subjects;
ALTER TABLE subjects DISABLE ROW LEVEL SECURITY;
DROP FUNCTION reader_sees_history(text);
