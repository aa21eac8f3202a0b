"""``reliefstream policy compare``: what would change, for how many and for whom, under another policy."""
