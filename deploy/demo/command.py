"""``reliefstream demo``: Los Angeles County's two waves as one flow, explained, and held against the truth."""

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
    """Watch two waves of Los Angeles County happen as one flow; ends by comparing each figure with the truth.

    It starts servers of its own. Where RELIEFSTREAM_KAFKA_BOOTSTRAP names servers, it takes those, empty and
    running, and leaves them as they are; RELIEFSTREAM_DEMO_WEBHOOK_HOST is then this machine as they reach it.
    """
    from deploy.demo.run import run

    return 0 if run(once=once) else 1
