"""``reliefstream console``: where people work."""

import os

from services import CONSOLE
from services.cli.client.local_root import local_root
from services.cli.terminal.exit import ServerMissing, ends_as

URL = "RELIEFSTREAM_CONSOLE_URL"


def console() -> None:
    """Print the address of the console, for a browser.

    RELIEFSTREAM_CONSOLE_URL, else that of the local installation.
    """
    if url := os.environ.get(URL):
        print(url)
        return
    from deploy.local import addresses
    from deploy.local.servers.requirements import ServerMissingError

    with ends_as(ServerMissing, ServerMissingError):
        found = addresses.read(local_root()).http.get(CONSOLE)
    if found is None:
        raise ServerMissing(
            "The local installation was started without the console. Start it: reliefstream up"
        )
    print(found)
