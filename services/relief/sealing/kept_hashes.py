"""The keyed hashes that relief keeps: of certificates, and of copies of what is sealed."""

from services.chassis.runtime.needed_keys import KeptHashes

HASHES = KeptHashes(
    """SELECT hash, hash AS owner FROM certificates UNION ALL SELECT hash, hash AS owner FROM sealed_copies""",
    "certificates of relief would not be verified, and copies of sealed convictions would become convictions again",
)
