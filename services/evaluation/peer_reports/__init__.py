"""``evaluate --reports peer``: the outputs of Code for America's batch program (gogen, archived 2020), for people
used to them: the same files, columns and summary, with our findings.

Where that program counts otherwise than these reports (the numbers are those of the peer's defects):
1, 2  sections compare exactly, so that 11357.5 or 537 PC are not counted and attempts (PC 664) are;
3     what is unknown is blank, and no subject whose record has an unknown that may count is "left with none";
4     years are calendar years, with a decimal that is cut and not rounded;
5     super strike and PC 290 columns list what is on record, whenever it came, as there; the determination asks
      only for what came earlier;
6     (sentences show in no report);
7     a conviction that was reported twice is one; one already dismissed, sealed or reduced (PC 17(b), 1170.18)
      does not stay on record as such;
8, 9  counties compare by name; a refused row stands among the others with its reason; a person whose rows stand
      in several files is one person, and the summary is of all files together;
10    "last 7 years" counts back from the computation date.
Social security and driver's licence columns are left blank.
"""
