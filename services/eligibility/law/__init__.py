"""The law as pure functions of (history, county, policy, statute, day). No I/O, no clock."""
