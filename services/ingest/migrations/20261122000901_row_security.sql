-- migrate:up
CALL protect('quarantine', 'county');
CALL protect('statements', 'county', $$convert_from(body, 'UTF8')::jsonb -> 'stated_by' ->> 'city'$$);

-- migrate:down
CALL unprotect('statements');
CALL unprotect('quarantine');
