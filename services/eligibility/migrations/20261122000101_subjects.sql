-- migrate:up

-- One subject: the newest history, and what was last found on it. `version` 0: nothing was published yet.
CREATE TABLE subjects (
    subject_id uuid PRIMARY KEY,
    history_version int NOT NULL,
    history text NOT NULL,
    version int NOT NULL,
    determinations text NOT NULL,
    content bytea NOT NULL,
    rules text NOT NULL,
    as_of date NOT NULL,
    next_review_on date
);
-- What a day makes due, and what a change of law or policy makes due.
CREATE INDEX subjects_next_review_on ON subjects (next_review_on) WHERE next_review_on IS NOT NULL;
CREATE INDEX subjects_rules ON subjects (rules, as_of);
-- Those in whose history a person's statement is applied, for whoever asks what became of one.
CREATE INDEX subjects_with_statements ON subjects (subject_id) WHERE history LIKE '%"statement_id"%';

-- One row: the day and the rules that subjects are to be judged by, so that anybody can count what is due.
CREATE TABLE in_force (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    today date NOT NULL,
    rules text NOT NULL
);

-- migrate:down
DROP TABLE in_force;
DROP TABLE subjects;
