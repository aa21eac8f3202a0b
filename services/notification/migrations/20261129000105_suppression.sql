-- migrate:up
-- Comparable numbers of the dismissal's case, for whoever asks about a count.
ALTER TABLE dismissals ADD COLUMN case_numbers text[] NOT NULL DEFAULT '{}';
CREATE INDEX dismissals_by_case ON dismissals USING gin (case_numbers);

CREATE TABLE suppression_asked (
    account text PRIMARY KEY,
    -- The hour of the last question, and how many counts were asked about in it.
    hour timestamptz NOT NULL,
    counts int NOT NULL
);

-- migrate:down
DROP TABLE suppression_asked;
ALTER TABLE dismissals DROP COLUMN case_numbers;
