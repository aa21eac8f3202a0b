-- migrate:up
-- A subject and all its records are shown to a county that sent one of them; a retired id, which only leads to another,
-- to all. As the owner: the policy of records asks about records.
CREATE FUNCTION reader_sees_subject(subject uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN reader_sees('*', NULL) OR EXISTS (
        SELECT FROM records
        WHERE records.subject_id = subject AND reader_sees(split_part(record_key, '/', 2), NULL)
    );
END
$$;

ALTER TABLE records ENABLE ROW LEVEL SECURITY;
CREATE POLICY flow ON records TO reliefstream_flow USING (true);
CREATE POLICY reader ON records FOR SELECT TO reliefstream_reader
    USING (reader_sees(split_part(record_key, '/', 2), NULL) OR reader_sees_subject(subject_id));

ALTER TABLE subjects ENABLE ROW LEVEL SECURITY;
CREATE POLICY flow ON subjects TO reliefstream_flow USING (true);
CREATE POLICY reader ON subjects FOR SELECT TO reliefstream_reader
    USING (retired_into IS NOT NULL OR reader_sees_subject(subject_id));

ALTER TABLE discrepancies ENABLE ROW LEVEL SECURITY;
CREATE POLICY flow ON discrepancies TO reliefstream_flow USING (true);
CREATE POLICY reader ON discrepancies FOR SELECT TO reliefstream_reader
    USING (reader_sees(convert_from(event, 'UTF8')::jsonb ->> 'county', NULL));

ALTER TABLE statements ENABLE ROW LEVEL SECURITY;
CREATE POLICY flow ON statements TO reliefstream_flow USING (true);
CREATE POLICY reader ON statements FOR SELECT TO reliefstream_reader USING (reader_sees(county, NULL));

-- What links records, without what they say.
GRANT SELECT ON records, subjects, discrepancies, statements, named_records, record_identifiers, oversized_keys,
    link_decisions TO reliefstream_reader;

-- migrate:down
REVOKE SELECT ON records, subjects, discrepancies, statements, named_records, record_identifiers, oversized_keys,
    link_decisions FROM reliefstream_reader;
DROP POLICY reader ON statements;
DROP POLICY flow ON statements;
ALTER TABLE statements DISABLE ROW LEVEL SECURITY;
DROP POLICY reader ON discrepancies;
DROP POLICY flow ON discrepancies;
ALTER TABLE discrepancies DISABLE ROW LEVEL SECURITY;
DROP POLICY reader ON subjects;
DROP POLICY flow ON subjects;
ALTER TABLE subjects DISABLE ROW LEVEL SECURITY;
DROP POLICY reader ON records;
DROP POLICY flow ON records;
ALTER TABLE records DISABLE ROW LEVEL SECURITY;
DROP FUNCTION reader_sees_subject(uuid);
