-- migrate:up
-- The service's own work sees every row; what is shown to a caller, the rows of its counties.
ALTER TABLE reliefs ENABLE ROW LEVEL SECURITY;
CREATE POLICY flow ON reliefs TO reliefstream_flow USING (true);
CREATE POLICY reader ON reliefs FOR SELECT TO reliefstream_reader USING (reader_sees(county, NULL));

ALTER TABLE findings ENABLE ROW LEVEL SECURITY;
CREATE POLICY flow ON findings TO reliefstream_flow USING (true);
CREATE POLICY reader ON findings FOR SELECT TO reliefstream_reader
    USING (reader_sees(finding -> 'conviction' ->> 'county', NULL));

ALTER TABLE proposed_orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY flow ON proposed_orders TO reliefstream_flow USING (true);
CREATE POLICY reader ON proposed_orders FOR SELECT TO reliefstream_reader USING (reader_sees(county, NULL));

ALTER TABLE proposed_order_lines ENABLE ROW LEVEL SECURITY;
CREATE POLICY flow ON proposed_order_lines TO reliefstream_flow USING (true);
CREATE POLICY reader ON proposed_order_lines FOR SELECT TO reliefstream_reader
    USING (reader_sees(conviction ->> 'county', NULL));

ALTER TABLE standing_orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY flow ON standing_orders TO reliefstream_flow USING (true);
CREATE POLICY reader ON standing_orders FOR SELECT TO reliefstream_reader USING (reader_sees(county, NULL));

-- Ids and versions of subjects, and which count is tied to which relief: what they lead to is guarded above.
GRANT SELECT ON reliefs, findings, proposed_orders, proposed_order_lines, standing_orders, subjects, relief_counts
    TO reliefstream_reader;

-- migrate:down
REVOKE SELECT ON reliefs, findings, proposed_orders, proposed_order_lines, standing_orders, subjects, relief_counts
    FROM reliefstream_reader;
DROP POLICY reader ON standing_orders;
DROP POLICY flow ON standing_orders;
ALTER TABLE standing_orders DISABLE ROW LEVEL SECURITY;
DROP POLICY reader ON proposed_order_lines;
DROP POLICY flow ON proposed_order_lines;
ALTER TABLE proposed_order_lines DISABLE ROW LEVEL SECURITY;
DROP POLICY reader ON proposed_orders;
DROP POLICY flow ON proposed_orders;
ALTER TABLE proposed_orders DISABLE ROW LEVEL SECURITY;
DROP POLICY reader ON findings;
DROP POLICY flow ON findings;
ALTER TABLE findings DISABLE ROW LEVEL SECURITY;
DROP POLICY reader ON reliefs;
DROP POLICY flow ON reliefs;
ALTER TABLE reliefs DISABLE ROW LEVEL SECURITY;
