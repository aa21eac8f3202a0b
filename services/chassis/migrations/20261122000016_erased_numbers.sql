-- migrate:up
-- Of each topic the highest number that an event of an erased key had (chassis/runtime/erased_numbers.py).
CREATE TABLE erased_numbers (
    topic text PRIMARY KEY,
    highest int NOT NULL
);

-- migrate:down
DROP TABLE erased_numbers;
