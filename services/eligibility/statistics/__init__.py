"""Statistics of what was determined, with small counts withheld."""
