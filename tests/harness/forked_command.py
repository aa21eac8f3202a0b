"""Calls a command at a server of `forked_commands`, with this process' files, folder and environment.

The first word is the server's address. It starts for each command of a document: so it imports next to nothing.
"""

import json
import os
import socket
import sys

address, *words = sys.argv[1:]
call = {"words": words, "environment": dict(os.environ), "folder": os.getcwd()}  # noqa: PTH109 - pathlib takes time
with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
    connection.connect(address)
    socket.send_fds(connection, [json.dumps(call).encode()], [0, 1, 2])
    connection.recv(16)
    sys.exit(int(connection.recv(16) or 137))
