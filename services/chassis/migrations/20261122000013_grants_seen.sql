-- migrate:up
-- What the file of grants held when this service last wrote to its audit log what had changed in it.
CREATE TABLE grants_seen (
    account text PRIMARY KEY,
    held text NOT NULL
);

-- migrate:down
DROP TABLE grants_seen;
