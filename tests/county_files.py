"""What a ``county.yaml`` needs beside the county's name."""

POLICIES = "policies: [{from: 2020-01-01, policy: statute}]\n"
