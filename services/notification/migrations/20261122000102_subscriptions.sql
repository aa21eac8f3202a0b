-- migrate:up
CREATE TABLE subscriptions (
    subscription_id uuid PRIMARY KEY,
    owner text NOT NULL,
    url text NOT NULL,
    description text NOT NULL,
    -- NULL: every county.
    counties text[],
    -- Sealed (sealed_secrets.py), as signing needs it as it is; erased on deletion.
    secret text,
    -- The one before a rotation, which signs beside it until then.
    previous_secret text,
    previous_until timestamptz,
    status text NOT NULL CHECK (status IN ('active', 'failing', 'disabled', 'deleted')),
    failures int NOT NULL DEFAULT 0,
    failing_since timestamptz,
    created_at timestamptz NOT NULL
);
CREATE INDEX subscriptions_by_owner ON subscriptions (owner, created_at);

CREATE TABLE deliveries (
    delivery_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subscription_id uuid NOT NULL REFERENCES subscriptions,
    event_id uuid NOT NULL,
    -- NULL: a test event, made of this row alone.
    relief_id uuid REFERENCES dismissals,
    status text NOT NULL CHECK (status IN ('waiting', 'delivered', 'dead')),
    attempts int NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL,
    -- Not NULL: a replica is making an attempt, and others leave it alone until then.
    claimed_until timestamptz,
    created_at timestamptz NOT NULL,
    last_attempt_at timestamptz,
    response_status int,
    error text,
    UNIQUE (subscription_id, event_id)
);
CREATE INDEX deliveries_due ON deliveries (subscription_id, due_at) WHERE status = 'waiting';
CREATE INDEX deliveries_log ON deliveries (subscription_id, delivery_id);

-- migrate:down
DROP TABLE deliveries;
DROP TABLE subscriptions;
