"""How the offices of a sample's county work what waits for them, so that the truth knows how each review ends.

The clerk answers from the court's paper file what no record says. City attorneys move for dismissal of what is theirs;
the one of ``OBJECTING_CITY`` challenges it instead, and the court sustains that. A plea beside a cannabis charge is
left to the person's petition.
"""

OBJECTING_CITY = "Hermosa Beach"
