-- migrate:up
-- component_level: what links a record, 0 everything (linkage/identity/oversized_components.py). compared_by: the version of what is compared of it
-- (store.py, COMPARED_BY); lower ones are compared anew by a job (back_fill.py).
ALTER TABLE records ADD COLUMN component_level smallint NOT NULL DEFAULT 0;
ALTER TABLE records ADD COLUMN compared_by smallint NOT NULL DEFAULT 1;
ALTER TABLE records ALTER COLUMN compared_by SET DEFAULT 0;
UPDATE records SET compared_by = 0 WHERE description IS NULL AND NOT withdrawn;
CREATE INDEX records_in_oversized_components ON records (component_level) WHERE component_level > 0;
CREATE INDEX records_to_compare ON records (record_key) WHERE compared_by < 1;

-- migrate:down
DROP INDEX records_to_compare;
DROP INDEX records_in_oversized_components;
ALTER TABLE records DROP COLUMN compared_by;
ALTER TABLE records DROP COLUMN component_level;
