-- migrate:up

-- What determinations leave to people, one row a conviction.
CREATE TABLE reviews (
    review_id uuid PRIMARY KEY,
    anchor text COLLATE "C" NOT NULL,
    counts text[] NOT NULL,
    county text NOT NULL,
    subject_id uuid NOT NULL,
    section text NOT NULL,
    level text,
    case_number text,
    court text,
    conviction_date date,
    reason text NOT NULL,
    questions text[] NOT NULL,
    digest text NOT NULL,
    at_stake text NOT NULL,
    still_serving boolean,
    routed_to text NOT NULL,
    routed_city text,
    in_county text NOT NULL,
    office text NOT NULL,
    city text,
    state text NOT NULL,
    why text,
    changed text[] NOT NULL,
    sequence int NOT NULL,
    opened_at timestamptz NOT NULL,
    due_on date NOT NULL,
    claimed_by text,
    claimed_at timestamptz,
    held_until date,
    note text,
    referral jsonb,
    prepared jsonb,
    traceparent text,
    -- One number for all that the counts by filter tell apart: comparing it costs a fraction of comparing those.
    alike bigint NOT NULL GENERATED ALWAYS AS (
        hashtextextended(
            office || E'\x1f' || coalesce(city, '') || E'\x1f' || reason || E'\x1f' || section || E'\x1f'
                || coalesce(court, '') || E'\x1f' || state,
            0
        ) # hash_array_extended(questions, 1)
    ) STORED
);
-- Which reviews are on a count. With hundreds of counts at once an index on the array reads its pending list for each.
CREATE TABLE review_counts (
    count_key text COLLATE "C" NOT NULL,
    review_id uuid NOT NULL REFERENCES reviews ON DELETE CASCADE,
    PRIMARY KEY (count_key, review_id)
);
CREATE INDEX review_counts_of_review ON review_counts (review_id);
-- The queue: the order of its pages, and one index for each filter that may leave few of many.
CREATE INDEX reviews_waiting ON reviews (in_county, due_on, review_id) WHERE state IN ('open', 'prepared');
CREATE INDEX reviews_of_court ON reviews (in_county, court, due_on, review_id)
    WHERE state IN ('open', 'prepared');
CREATE INDEX reviews_held ON reviews (in_county, held_until)
    WHERE state IN ('open', 'prepared') AND held_until IS NOT NULL;
CREATE INDEX reviews_prepared ON reviews (in_county, due_on, review_id) WHERE state = 'prepared';
CREATE INDEX reviews_of_office ON reviews (in_county, office, city, due_on, review_id)
    WHERE state IN ('open', 'prepared');
CREATE INDEX reviews_for_reason ON reviews (in_county, reason, due_on, review_id)
    WHERE state IN ('open', 'prepared');
CREATE INDEX reviews_of_section ON reviews (in_county, section, due_on, review_id)
    WHERE state IN ('open', 'prepared');
CREATE INDEX reviews_by_age ON reviews (in_county, opened_at, review_id) WHERE state IN ('open', 'prepared');
CREATE INDEX reviews_by_court ON reviews (in_county, coalesce(court, ''), due_on, review_id)
    WHERE state IN ('open', 'prepared');
CREATE INDEX reviews_claimed ON reviews (in_county, due_on, review_id)
    WHERE state IN ('open', 'prepared') AND claimed_by IS NOT NULL;
-- All that the counts by filter look at, those that are counted together side by side: they read this index alone.
CREATE INDEX reviews_counted ON reviews
    (in_county, alike, due_on, held_until, claimed_by, county, office, city, state, reason, section, court, questions)
    WHERE state IN ('open', 'prepared');

-- The questions of what waits, one row each: under row security Postgres uses no index on the elements of an array.
CREATE TABLE review_questions (
    review_id uuid NOT NULL REFERENCES reviews,
    question text NOT NULL,
    in_county text NOT NULL,
    PRIMARY KEY (review_id, question)
);
CREATE INDEX reviews_asking ON review_questions (in_county, question);

-- What was done with each, in order; free text is in ``note`` only. asked: SHA-256 of what the idempotency key came with.
CREATE TABLE review_acts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    review_id uuid NOT NULL REFERENCES reviews,
    at timestamptz NOT NULL,
    act text NOT NULL,
    role text,
    account text,
    digest text NOT NULL,
    detail jsonb NOT NULL,
    note text,
    idempotency_key text,
    asked text
);
CREATE INDEX review_acts_of ON review_acts (review_id, id);
CREATE UNIQUE INDEX review_acts_once ON review_acts (review_id, account, idempotency_key)
    WHERE idempotency_key IS NOT NULL;

-- Who was shown a review.
CREATE INDEX audit_of_reviews ON audit_log (object) WHERE object LIKE 'review/%' AND outcome = 'shown';

-- Counties in which nothing is ordered now.
CREATE TABLE ordering_halts (
    county text PRIMARY KEY,
    at timestamptz NOT NULL,
    by_account text NOT NULL,
    reason text NOT NULL
);

-- migrate:down
DROP INDEX audit_of_reviews;
DROP TABLE ordering_halts;
DROP TABLE review_acts;
DROP TABLE review_questions;
DROP TABLE review_counts;
DROP TABLE reviews;
