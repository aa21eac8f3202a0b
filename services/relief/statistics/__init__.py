"""Statistics of what became of relief, and of what waits for people, with small counts withheld."""
