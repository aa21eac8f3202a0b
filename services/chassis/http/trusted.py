"""What an HTTP client checks the certificate of a service with."""

import ssl
from pathlib import Path


def trusted(url: str, ca_file: Path | None = None) -> ssl.SSLContext | bool:
    """``verify`` of an httpx client for this URL: the authority in the PEM file; None: those that this machine trusts.

    A client of an http:// URL gets a context that trusts nobody: to read the machine's authorities takes httpx longer
    than many a request. Raises OSError for a file that is not there.
    """
    if ca_file:
        return ssl.create_default_context(cafile=ca_file)
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if url.startswith("http://") else True
