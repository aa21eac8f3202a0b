"""Counts of convictions and persons that may be shown: small ones are withheld, and what they follow from. Pure."""
