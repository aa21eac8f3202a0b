-- migrate:up

-- The newest snapshot of each subject that was taken in.
CREATE TABLE subjects (
    subject_id uuid PRIMARY KEY,
    version int NOT NULL,
    retired_into uuid
);

-- What each subject's snapshot says of each source count. A count stands under two subjects while it moves.
CREATE TABLE findings (
    count_key text COLLATE "C" NOT NULL,
    subject_id uuid NOT NULL,
    conviction_id uuid NOT NULL,
    finding jsonb NOT NULL,
    PRIMARY KEY (count_key, subject_id, conviction_id)
);
CREATE INDEX findings_of_conviction ON findings (subject_id, conviction_id);

CREATE TABLE reliefs (
    relief_id uuid PRIMARY KEY,
    anchor text NOT NULL,
    kind text NOT NULL,
    redesignated_to text,
    rests_on text,
    state text NOT NULL,
    sequence int NOT NULL,
    conviction jsonb NOT NULL,
    policy text NOT NULL,
    reason text NOT NULL,
    still_serving boolean,
    obstacle text,
    proposed_at timestamptz NOT NULL,
    challenge jsonb,
    court_order jsonb,
    ordered_at timestamptz,
    acknowledged_by_court_at timestamptz,
    acknowledged_by_doj_at timestamptz,
    discrepancy_version int NOT NULL,
    discrepancy_open boolean NOT NULL,
    differs text,
    differs_since timestamptz,
    settled jsonb,
    told_on date,
    legal_hold jsonb,
    seal jsonb,
    county text NOT NULL GENERATED ALWAYS AS (conviction ->> 'county') STORED,
    city text GENERATED ALWAYS AS (conviction ->> 'city') STORED,
    -- As the court writes it, where a court's own record has come.
    case_number text COLLATE "C" GENERATED ALWAYS AS (coalesce(
        conviction -> 'source_case_numbers' ->> 'court',
        conviction ->> 'case_number',
        conviction -> 'source_case_numbers' ->> 'doj'
    )) STORED
);
CREATE INDEX reliefs_by_state ON reliefs (county, state, relief_id);
CREATE INDEX reliefs_that_differ ON reliefs (county, differs_since, relief_id) WHERE discrepancy_open;
CREATE INDEX reliefs_by_case ON reliefs (county, case_number);

-- The key of relief: a count has at most one. A row without relief only serves to be locked.
CREATE TABLE relief_counts (
    count_key text COLLATE "C" PRIMARY KEY,
    relief_id uuid REFERENCES reliefs,
    -- Seconds after the record arrived that showed it first.
    first_seen timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX relief_counts_of_relief ON relief_counts (relief_id);

-- An order reaches the counts that it was made on, also those that another relief is named after.
CREATE TABLE ordered_counts (
    count_key text COLLATE "C" NOT NULL,
    relief_id uuid NOT NULL REFERENCES reliefs,
    PRIMARY KEY (count_key, relief_id)
);
CREATE INDEX ordered_counts_of_relief ON ordered_counts (relief_id);

-- Entered by one person; it counts once another has confirmed it. Ended and never confirmed: discarded.
CREATE TABLE standing_orders (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    county text NOT NULL,
    number text NOT NULL,
    judge text NOT NULL,
    on_date date NOT NULL,
    scope text NOT NULL,
    covers_decisions boolean NOT NULL,
    entered_at timestamptz NOT NULL,
    entered_by text NOT NULL,
    confirmed_at timestamptz,
    confirmed_by text CHECK (confirmed_by <> entered_by),
    ended_on date,
    ended_at timestamptz
);
CREATE UNIQUE INDEX one_standing_order_of_number ON standing_orders (county, number)
    WHERE confirmed_at IS NOT NULL OR ended_at IS NULL;
CREATE UNIQUE INDEX one_standing_order_in_force ON standing_orders (county) WHERE ended_at IS NULL;

CREATE TABLE proposed_orders (
    proposed_order_id text PRIMARY KEY,
    county text NOT NULL,
    number int NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'waiting', 'entered', 'discarded')),
    made_at timestamptz NOT NULL,
    -- As one person entered it; the list is entered once another has confirmed it, and waits until then.
    court_order jsonb,
    entered_at timestamptz,
    entered_by text,
    -- The lines that the court left out.
    excepted int[] NOT NULL DEFAULT '{}',
    confirmed_at timestamptz,
    confirmed_by text CHECK (confirmed_by <> entered_by),
    -- When the clerk reported the dispositions to DOJ, and sent the copy to the arresting agencies.
    reported_on date,
    copied_on date,
    UNIQUE (county, number)
);

-- The lines of the attachment as the court got them.
CREATE TABLE proposed_order_lines (
    proposed_order_id text NOT NULL REFERENCES proposed_orders,
    line int NOT NULL,
    -- Random; its relief is gone once it is sealed, and so is what the line said of the conviction.
    relief_id uuid NOT NULL,
    kind text NOT NULL,
    redesignated_to text,
    case_number text,
    conviction jsonb NOT NULL,
    result text,
    -- What the court's clerk found when the line was carried out.
    outcome text CHECK (outcome IN ('done', 'not_found', 'destroyed', 'duplicate')),
    outcome_at timestamptz,
    outcome_by text,
    PRIMARY KEY (proposed_order_id, line),
    UNIQUE (proposed_order_id, relief_id)
);
CREATE INDEX proposed_order_lines_of_relief ON proposed_order_lines (relief_id);
CREATE INDEX lines_to_order ON proposed_order_lines (relief_id) WHERE result = 'pending';

-- migrate:down
DROP TABLE proposed_order_lines;
DROP TABLE proposed_orders;
DROP TABLE standing_orders;
DROP TABLE ordered_counts;
DROP TABLE relief_counts;
DROP TABLE reliefs;
DROP TABLE findings;
DROP TABLE subjects;
