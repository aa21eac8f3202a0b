-- migrate:up
-- What community groups hand in. account: who did, opaque. request_key: of a request that is sent again.
-- body_sha256: of what came with it.
CREATE TABLE referrals (
    referral_id uuid PRIMARY KEY,
    county text NOT NULL,
    account text NOT NULL,
    request_key text NOT NULL,
    received_at timestamptz NOT NULL,
    due_on date NOT NULL,
    receipt jsonb NOT NULL,
    body_sha256 text NOT NULL,
    UNIQUE (county, account, request_key)
);

-- Each person of a list. person and authorisation: erased after their time (referrals/clock.py), as is what leads to
-- somebody. look_at: when the records are looked at next; null: no more. county_answer: the records unit's.
CREATE TABLE referral_lines (
    referral_id uuid NOT NULL REFERENCES referrals,
    line int NOT NULL,
    county text NOT NULL,
    due_on date NOT NULL,
    person jsonb,
    standing text NOT NULL,
    subject_id uuid,
    look_at timestamptz,
    county_answer text,
    answered_by text,
    answered_at timestamptz,
    note text,
    PRIMARY KEY (referral_id, line)
);
CREATE INDEX referral_lines_to_look_at ON referral_lines (look_at) WHERE look_at IS NOT NULL;
CREATE INDEX referral_lines_due ON referral_lines (due_on) WHERE person IS NOT NULL;

-- Where relief on a conviction stands, by each of its counts, as relief-v1 tells: for whoever asks what waits.
CREATE TABLE relief_stages (
    count_key text PRIMARY KEY COLLATE "C",
    stage text NOT NULL,
    at timestamptz NOT NULL,
    sequence int NOT NULL
);

-- A discrepancy may be about somebody whom no record shows.
ALTER TABLE discrepancies ALTER COLUMN subject_id DROP NOT NULL;

-- migrate:down
ALTER TABLE discrepancies ALTER COLUMN subject_id SET NOT NULL;
DROP TABLE relief_stages;
DROP TABLE referral_lines;
DROP TABLE referrals;
