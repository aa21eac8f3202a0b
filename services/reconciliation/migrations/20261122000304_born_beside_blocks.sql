-- migrate:up
-- Beside each block its holder's birth date: most strangers who share it are told apart without being read
-- (stored_links.py). NULL: not known.
ALTER TABLE record_identifiers ADD COLUMN born date;
UPDATE record_identifiers AS held SET born = (description::jsonb ->> 5)::date
    FROM records WHERE records.record_key = held.record_key AND starts_with(identifier, 'like:')
        AND description IS NOT NULL;
ALTER TABLE record_identifiers DROP CONSTRAINT record_identifiers_pkey;
ALTER TABLE record_identifiers ADD PRIMARY KEY (identifier, record_key) INCLUDE (born);

-- migrate:down
ALTER TABLE record_identifiers DROP CONSTRAINT record_identifiers_pkey;
ALTER TABLE record_identifiers DROP COLUMN born;
ALTER TABLE record_identifiers ADD PRIMARY KEY (identifier, record_key);
