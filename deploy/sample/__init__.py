"""The sample county: a fabricated DOJ file, a court feed, and the truth about both."""
