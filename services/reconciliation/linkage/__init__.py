"""Who is the same and what is the same conviction: pure functions of a set of records."""
