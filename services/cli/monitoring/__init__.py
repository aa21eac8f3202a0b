"""`reliefstream status`: what runs, what waits, how fast it goes."""
