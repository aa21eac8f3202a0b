-- migrate:up
-- Beside each block its holder's birth date: most strangers who share it are told apart without being read
-- (stored_links.py). NULL: not known, or not yet: a job writes it for what is stored (back_fill.py).
ALTER TABLE record_identifiers ADD COLUMN born date;
ALTER TABLE record_identifiers DROP CONSTRAINT record_identifiers_pkey;
ALTER TABLE record_identifiers ADD PRIMARY KEY (identifier, record_key) INCLUDE (born);
DROP INDEX records_to_compare;
CREATE INDEX records_to_compare ON records (record_key) WHERE compared_by < 3;

-- migrate:down
DROP INDEX records_to_compare;
CREATE INDEX records_to_compare ON records (record_key) WHERE compared_by < 1;
ALTER TABLE record_identifiers DROP CONSTRAINT record_identifiers_pkey;
ALTER TABLE record_identifiers DROP COLUMN born;
ALTER TABLE record_identifiers ADD PRIMARY KEY (identifier, record_key);
