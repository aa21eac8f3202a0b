"""Which faults come when: a pure function of the seed."""

from dataclasses import dataclass
from random import Random

from services import SERVICES

REPLICAS = tuple(f"{service}-{number}" for service in SERVICES for number in (0, 1))
COUNTY = "county"
"""The sending side."""
WINDOW_S = 8.0
"""Faults begin in this time from the first record sent."""
SEALING_S = 4.0
"""The clerk has convictions sealed over this time."""

OF_A_REPLICA = {
    # kind: (shortest, longest length in seconds, weight)
    "kill": (0.0, 1.0, 6),
    "stop": (0.3, 2.5, 2),
    "zombie": (4.0, 6.0, 3),
    "leave": (0.5, 3.0, 2),
    "cut_kafka": (0.3, 2.5, 2),
    "cut_postgres": (0.3, 2.5, 2),
    "unheard_kafka": (0.3, 1.5, 2),
    "unheard_postgres": (0.3, 1.5, 3),
    "hold_kafka": (0.3, 4.0, 2),
    "hold_postgres": (0.3, 4.0, 2),
    "delay_kafka": (1.0, 4.0, 1),
    "delay_postgres": (1.0, 4.0, 1),
    "clock": (1.0, 4.0, 2),
}
OF_A_SERVER = {
    "kill_kafka": (0.0, 0.5, 3),
    "stop_kafka": (0.5, 4.0, 2),
    "mute_kafka": (10.0, 10.0, 1),
    "kill_postgres": (0.0, 0.5, 3),
    "stop_postgres": (0.5, 3.0, 2),
    "disk_full": (1.0, 3.0, 2),
    "no_connections": (1.0, 3.0, 2),
}
KINDS = (*OF_A_REPLICA, *OF_A_SERVER)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault; ``at`` and ``length`` in seconds, ``target`` a replica, ``county``, ``kafka`` or ``postgres``."""

    at: float
    kind: str
    target: str
    length: float

    def __str__(self) -> str:
        return f"{self.at:5.2f} s  {self.kind:<14} {self.target:<17} for {self.length:.2f} s"


def schedule(seed: int, only: tuple[str, ...] = (), on: tuple[str, ...] = REPLICAS) -> tuple[Fault, ...]:
    """Four to seven faults of replicas and one or two of servers, in order; none for seed 0 (undisturbed).

    ``only`` draws from these kinds alone, ``on`` hits these replicas alone, for a defect that others would not show.
    No target has two faults
    at a time: the healing of one must not end the other.
    """
    if seed == 0:
        return ()
    dice = Random(f"faults {seed}")
    drawn: list[Fault] = []
    for kinds, number in ((OF_A_REPLICA, dice.randint(4, 7)), (OF_A_SERVER, dice.randint(1, 2))):
        allowed = {kind: each for kind, each in kinds.items() if not only or kind in only}
        for _ in range(number if allowed else 0):
            kind = dice.choices(list(allowed), [weight for *_, weight in allowed.values()])[0]
            shortest, longest, _ = allowed[kind]
            fault = Fault(
                round(dice.uniform(0.2, WINDOW_S), 2),
                kind,
                _target(kind, on, dice),
                round(dice.uniform(shortest, longest), 2),
            )
            if not any(_collide(fault, other) for other in drawn):
                drawn.append(fault)
    return tuple(sorted(drawn, key=lambda fault: fault.at))


def while_sealing(seed: int) -> tuple[Fault, ...]:
    """Five replicas that are killed while convictions are sealed, and perhaps a server; none for seed 0."""
    if seed == 0:
        return ()
    dice = Random(f"sealing {seed}")
    killed = [(dice.uniform(0.2, SEALING_S), target) for target in dice.sample(REPLICAS, 5)]
    faults = [Fault(round(at, 2), "kill", target, round(dice.uniform(0, 1), 2)) for at, target in killed]
    server = dice.choice(("kafka", "postgres", ""))
    if server:
        faults.append(Fault(round(dice.uniform(0.2, SEALING_S), 2), f"kill_{server}", server, 0.2))
    return tuple(sorted(faults, key=lambda fault: fault.at))


def _target(kind: str, on: tuple[str, ...], dice: Random) -> str:
    if kind in ("cut_kafka", "unheard_kafka", "hold_kafka", "delay_kafka"):
        return dice.choice((*on, COUNTY))
    if kind in OF_A_REPLICA:
        return dice.choice(on)
    return "kafka" if kind.endswith("kafka") else "postgres"


def _collide(one: Fault, other: Fault) -> bool:
    apart = one.at > other.at + other.length + 0.5 or other.at > one.at + one.length + 0.5
    return one.target == other.target and not apart
