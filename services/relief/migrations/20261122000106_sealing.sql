-- migrate:up
-- Looked at for sealing: dismissals that a source shows.
CREATE INDEX reliefs_shown ON reliefs (county, relief_id) WHERE state = 'ordered' AND kind = 'dismissal'
    AND (acknowledged_by_court_at IS NOT NULL OR acknowledged_by_doj_at IS NOT NULL);
CREATE INDEX reliefs_to_seal ON reliefs (relief_id) WHERE state = 'seal_due';
CREATE INDEX reliefs_of_subject ON reliefs ((conviction ->> 'subject_id'));
-- What was withdrawn is forgotten with the relief that was ordered on the same conviction.
CREATE INDEX reliefs_withdrawn ON reliefs USING gin ((conviction -> 'counts')) WHERE state = 'withdrawn';

-- The ledger's entries as they were told last, and the counts that an open one is about: their conviction is not sealed
-- yet. A row for each count: of an array, the planner guesses that the first rows will have it, and reads them all.
CREATE TABLE discrepancies (
    discrepancy_id uuid PRIMARY KEY,
    version int NOT NULL,
    kind text NOT NULL
);
CREATE TABLE disputed_counts (
    count_key text COLLATE "C" NOT NULL,
    discrepancy_id uuid NOT NULL,
    PRIMARY KEY (count_key, discrepancy_id)
);
CREATE INDEX disputed_counts_of ON disputed_counts (discrepancy_id);

-- Which services have forgotten a conviction, until relief has, too. looked_at: when relief last tried to, once all had.
-- others: hashes of its counts whose numbers other convictions have by now, until they are released (sealing/others.py).
CREATE TABLE forgotten (
    relief_id uuid PRIMARY KEY,
    services text[] NOT NULL,
    others text[] NOT NULL DEFAULT '{}',
    looked_at timestamptz NOT NULL DEFAULT '-infinity'
);
CREATE INDEX forgotten_with_others ON forgotten (relief_id) WHERE others <> '{}';
CREATE INDEX forgotten_by_all ON forgotten (looked_at) WHERE cardinality(services) = 4;

-- The counts, as keyed hashes, of copies that intake found in records which were on their way when it forgot the
-- conviction: what may still come of them is no conviction. They go 8 days after it was sealed (sealing/copies.py).
CREATE TABLE sealed_copies (
    hash text NOT NULL,
    relief_id uuid NOT NULL,
    PRIMARY KEY (hash, relief_id)
);
CREATE INDEX sealed_copies_of_relief ON sealed_copies (relief_id);

-- As whom a person is counted, also when nothing else of the person is left.
ALTER TABLE subjects ADD COLUMN counted_as uuid NOT NULL DEFAULT gen_random_uuid();
-- Whether nothing of the person is on record any more: the row goes with the last relief.
ALTER TABLE subjects ADD COLUMN gone boolean NOT NULL DEFAULT false;
CREATE INDEX subjects_retired ON subjects (retired_into) WHERE retired_into IS NOT NULL;

-- What is left of a sealed relief: which order sealed it, and what the statistics count.
CREATE TABLE sealed_reliefs (
    relief_id uuid PRIMARY KEY,
    county text NOT NULL,
    order_number text NOT NULL,
    order_on date NOT NULL,
    sealed_at timestamptz NOT NULL,
    sealed_by text,
    -- Of two orders on one conviction the statistics count one.
    counted boolean NOT NULL,
    counted_as uuid NOT NULL,
    level text,
    race text,
    sex text,
    challenged boolean NOT NULL,
    ruling text,
    took interval
);
CREATE INDEX sealed_reliefs_of_county ON sealed_reliefs (county);
CREATE INDEX sealed_reliefs_of_person ON sealed_reliefs (counted_as);

-- Certificates that were handed out, each as a keyed hash of its code and of what it says of the conviction.
CREATE TABLE certificates (
    hash text PRIMARY KEY,
    relief_id uuid NOT NULL,
    issued_on date NOT NULL
);

-- migrate:down
DROP TABLE certificates;
DROP TABLE sealed_reliefs;
DROP INDEX subjects_retired;
ALTER TABLE subjects DROP COLUMN gone;
ALTER TABLE subjects DROP COLUMN counted_as;
DROP TABLE sealed_copies;
DROP TABLE forgotten;
DROP TABLE disputed_counts;
DROP TABLE discrepancies;
DROP INDEX reliefs_withdrawn;
DROP INDEX reliefs_of_subject;
DROP INDEX reliefs_to_seal;
DROP INDEX reliefs_shown;
