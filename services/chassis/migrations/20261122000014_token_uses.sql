-- migrate:up
-- When each machine's token was last used here. token: the first digits of its hash, which tell it from another.
CREATE TABLE token_uses (
    account text NOT NULL,
    token text NOT NULL,
    used_at timestamptz NOT NULL,
    PRIMARY KEY (account, token)
);

-- migrate:down
DROP TABLE token_uses;
