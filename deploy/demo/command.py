"""``reliefstream demo``: Los Angeles County's two waves as one flow, compared with the truth file."""

from typing import Annotated

from cyclopts import Parameter


def demo(
    *,
    once: Annotated[
        bool,
        Parameter(
            help="end when all is shown, and stop what was started; without it, at a terminal, stay up until Ctrl-C"
        ),
    ] = False,
) -> int:
    """Stream the two waves of Los Angeles County as one flow, and compare each figure with the truth file.

    It starts its own servers. If RELIEFSTREAM_KAFKA_BOOTSTRAP is set, it uses the servers that the environment names,
    which must be running and empty, and leaves them running; RELIEFSTREAM_DEMO_WEBHOOK_HOST is then the host name by
    which they reach this machine.
    """
    from deploy.demo.run import run

    return 0 if run(once=once) else 1
