-- migrate:up
-- All keys of a record from one page, without a look at the table.
CREATE INDEX keys_of_record ON record_identifiers (record_key) INCLUDE (identifier);
DROP INDEX identifiers_of_record;

-- migrate:down
CREATE INDEX identifiers_of_record ON record_identifiers (record_key);
DROP INDEX keys_of_record;
