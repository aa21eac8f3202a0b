-- migrate:up
-- A subject and all its records are shown to a county that sent one of them; a retired id, which only leads to another,
-- to all. As the owner: the policy of records asks about records.
CREATE FUNCTION reader_sees_subject(subject uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM records
        WHERE records.subject_id = subject AND reader_sees(split_part(record_key, '/', 2), NULL)
    );
END
$$;

CALL protect('records', $$split_part(record_key, '/', 2)$$, other_rows => 'reader_sees_subject(subject_id)');
CALL protect('subjects', 'NULL', other_rows => 'retired_into IS NOT NULL OR reader_sees_subject(subject_id)');
CALL protect('discrepancies', 'county');
CALL protect(
    'discrepancy_acts', 'NULL',
    other_rows => 'EXISTS (SELECT FROM discrepancies WHERE discrepancies.discrepancy_id = discrepancy_acts.discrepancy_id)'
);
CALL protect('statements', 'county', $$convert_from(body, 'UTF8')::jsonb -> 'stated_by' ->> 'city'$$);
CALL protect('referrals', 'county');
CALL protect('referral_lines', 'county');
CALL protect('relief_stages', $$split_part(count_key, '/', 2)$$);
-- What links records, with the records that it is of.
CALL protect(
    'record_identifiers', $$split_part(record_key, '/', 2)$$,
    other_rows => 'EXISTS (SELECT FROM records WHERE records.record_key = record_identifiers.record_key)'
);
CALL protect(
    'named_records', $$split_part(record_key, '/', 2)$$,
    other_rows => 'EXISTS (SELECT FROM records WHERE records.record_key = named_records.record_key)'
);
CALL protect(
    'erased_sheets', $$split_part(record_key, '/', 2)$$,
    other_rows => 'EXISTS (SELECT FROM records WHERE records.record_key = erased_sheets.record_key)'
);
CALL protect(
    'link_decisions', 'NULL', other_rows => 'EXISTS (SELECT FROM records WHERE record_key IN (one, other))'
);
-- Keys that more records hold than can be one person's.
GRANT SELECT ON oversized_keys TO reliefstream_reader;

-- migrate:down
REVOKE SELECT ON oversized_keys FROM reliefstream_reader;
CALL unprotect('link_decisions');
CALL unprotect('erased_sheets');
CALL unprotect('named_records');
CALL unprotect('record_identifiers');
CALL unprotect('relief_stages');
CALL unprotect('referral_lines');
CALL unprotect('referrals');
CALL unprotect('statements');
CALL unprotect('discrepancy_acts');
CALL unprotect('discrepancies');
CALL unprotect('subjects');
CALL unprotect('records');
DROP FUNCTION reader_sees_subject(uuid);
