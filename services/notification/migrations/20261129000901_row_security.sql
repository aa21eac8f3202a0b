-- migrate:up
CALL protect('dismissals', 'county');

-- migrate:down
CALL unprotect('dismissals');
