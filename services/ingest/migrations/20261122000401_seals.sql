-- migrate:up
-- What stays of a sealed conviction, to recognise it when it is sent again: keyed hashes, and no value.
CREATE TABLE seals (
    relief_id uuid PRIMARY KEY,
    county text NOT NULL,
    sealed text[] NOT NULL,
    kept text[] NOT NULL,
    persons text[] NOT NULL,
    -- Counts of other records that may be it, and of which a person has said that they are not.
    apart text[] NOT NULL DEFAULT '{}',
    -- NULL: not every service has forgotten the conviction yet, and the seal stays.
    sealed_on date
);
-- Records and cases in which it stood.
CREATE TABLE sealed_places (
    place text NOT NULL,
    relief_id uuid NOT NULL REFERENCES seals ON DELETE CASCADE,
    PRIMARY KEY (place, relief_id)
);
CREATE INDEX sealed_places_by_relief ON sealed_places (relief_id);

-- Which records a case came in lately, hashed as sealed_places are: a copy of what is being sealed is found by it.
CREATE TABLE recent_places (
    county text NOT NULL,
    source text NOT NULL,
    record_id text NOT NULL,
    place text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (county, source, record_id, place)
);
CREATE INDEX recent_places_by_place ON recent_places (place);
CREATE INDEX recent_places_by_age ON recent_places (at);

-- What is to be forgotten, until reconciliation has pinned the person's records to each other: either may come first.
CREATE TABLE seals_due (
    relief_id uuid PRIMARY KEY,
    due bytea,
    pinned boolean NOT NULL
);

-- migrate:down
DROP TABLE seals_due;
DROP TABLE recent_places;
DROP TABLE sealed_places;
DROP TABLE seals;
