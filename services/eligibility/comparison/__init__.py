"""One person under several policies: what changes, what stays on record, and the counts of everyone. Pure."""
