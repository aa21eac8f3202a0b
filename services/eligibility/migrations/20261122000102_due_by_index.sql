-- migrate:up

-- Where the rules failed on this history, without a person's data; null: they did not. Such a subject waits for a
-- new history, a new day, new rules or a new start of the service; what it last was found to be stays.
ALTER TABLE subjects ADD COLUMN defect text;

-- One index for each way of becoming due.
DROP INDEX subjects_next_review_on;
DROP INDEX subjects_rules;
CREATE INDEX subjects_next_review_on ON subjects (next_review_on) WHERE next_review_on IS NOT NULL AND defect IS NULL;
CREATE INDEX subjects_rules ON subjects (rules) WHERE defect IS NULL;
CREATE INDEX subjects_as_of ON subjects (as_of) WHERE defect IS NULL;
CREATE INDEX subjects_set_aside ON subjects (subject_id) WHERE defect IS NOT NULL;

-- Processes take a number when they first review: the one that started last says which rules are in force.
CREATE SEQUENCE processes;
ALTER TABLE in_force ADD COLUMN process bigint NOT NULL DEFAULT 0;
ALTER TABLE in_force ADD COLUMN fixed boolean NOT NULL DEFAULT false;

-- migrate:down
ALTER TABLE in_force DROP COLUMN fixed;
ALTER TABLE in_force DROP COLUMN process;
DROP SEQUENCE processes;
DROP INDEX subjects_set_aside;
DROP INDEX subjects_as_of;
DROP INDEX subjects_rules;
DROP INDEX subjects_next_review_on;
CREATE INDEX subjects_next_review_on ON subjects (next_review_on) WHERE next_review_on IS NOT NULL;
CREATE INDEX subjects_rules ON subjects (rules, as_of);
ALTER TABLE subjects DROP COLUMN defect;
