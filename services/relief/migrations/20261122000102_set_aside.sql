-- migrate:up

-- Reliefs that a job could not order because of a defect, until it tries again.
CREATE TABLE set_aside (
    relief_id uuid PRIMARY KEY,
    defect text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX lines_set_aside ON proposed_order_lines (relief_id) WHERE result = 'set_aside';

-- migrate:down
DROP INDEX lines_set_aside;
DROP TABLE set_aside;
