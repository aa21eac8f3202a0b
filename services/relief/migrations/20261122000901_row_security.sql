-- migrate:up
-- The service's own work sees every row; what is shown to a caller, the rows of its counties, and of a city's attorney
-- those that are routed there.
CALL protect('reliefs', 'county', 'city');
-- What is known of a conviction is also for the office that it was referred to. As the owner: policies hide the index.
CREATE FUNCTION reader_reviews(judged text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM review_counts JOIN reviews USING (review_id) WHERE count_key = judged
            AND reader_sees(in_county, CASE WHEN office = 'city_attorney' THEN city END)
    );
END
$$;
CALL protect(
    'findings', $$finding -> 'conviction' ->> 'county'$$, $$finding -> 'conviction' ->> 'city'$$,
    other_rows => 'reader_reviews(count_key)'
);
CALL protect('proposed_order_lines', $$conviction ->> 'county'$$, $$conviction ->> 'city'$$);
CALL protect(
    'proposed_orders', 'county', other_rows => 'EXISTS (SELECT FROM proposed_order_lines AS line
        WHERE line.proposed_order_id = proposed_orders.proposed_order_id)'
);
CALL protect('standing_orders', 'county');
-- Of the county of the conviction, and of the one that it was referred to.
CALL protect(
    'reviews', 'county', $$CASE WHEN office = 'city_attorney' THEN city END$$,
    other_rows => $$reader_sees(in_county, CASE WHEN office = 'city_attorney' THEN city END)$$
);
CALL protect(
    'review_acts', 'NULL',
    other_rows => 'EXISTS (SELECT FROM reviews WHERE reviews.review_id = review_acts.review_id)'
);
CALL protect(
    'defence_acts', 'NULL',
    other_rows => 'EXISTS (SELECT FROM reliefs WHERE reliefs.relief_id = defence_acts.relief_id)'
);

-- Ids and versions of subjects, which count is tied to which relief or review, and which review asks what: what they
-- lead to is guarded above.
GRANT SELECT ON subjects, relief_counts, review_counts, review_questions TO reliefstream_reader;

-- migrate:down
REVOKE SELECT ON subjects, relief_counts, review_counts, review_questions FROM reliefstream_reader;
CALL unprotect('defence_acts');
CALL unprotect('review_acts');
CALL unprotect('reviews');
CALL unprotect('standing_orders');
CALL unprotect('proposed_orders');
CALL unprotect('proposed_order_lines');
CALL unprotect('findings');
DROP FUNCTION reader_reviews(text);
CALL unprotect('reliefs');
