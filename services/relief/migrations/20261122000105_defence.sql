-- migrate:up

-- What defenders did about a challenge, in order: answers to it, contacts with the client, a case handed over on a
-- conflict. The text of a contact and of a case handed over is for defenders alone.
CREATE TABLE defence_acts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    relief_id uuid NOT NULL REFERENCES reliefs,
    act text NOT NULL CHECK (act IN ('answer', 'contact', 'hand_over')),
    at timestamptz NOT NULL,
    account text NOT NULL,
    -- Of a contact: how, and what came of it.
    how text,
    outcome text,
    -- Of a case handed over: the account that has it now; null: the court appoints counsel.
    to_account text,
    text text,
    idempotency_key text
);
CREATE UNIQUE INDEX defence_acts_once ON defence_acts (relief_id, account, idempotency_key)
    WHERE idempotency_key IS NOT NULL;
CREATE INDEX defence_acts_of ON defence_acts (relief_id, id);

-- migrate:down
DROP TABLE defence_acts;
