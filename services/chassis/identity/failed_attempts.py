"""Tokens that opened nothing: counted by where they came from, slowed, and summed up for the audit log."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

from prometheus_client import Counter

from services.chassis.audit.act import Act, audited
from services.chassis.runtime.unit_of_work import Work

REFUSED = Counter(
    "reliefstream_tokens_refused_total", "Requests with a token that opened nothing", ["reason"]
)
FREE = 20
"""Wrong tokens of one address a minute that are answered as such; further ones are told to wait, unread."""
PER_S = 60.0
MOST_ADDRESSES = 10_000
"""More are counted together: an attacker with many addresses fills no memory."""
ELSEWHERE = "further addresses"
SECONDS_BETWEEN_ROWS = 10.0
MOST_ROWS = 100


@dataclass(slots=True)
class _Window:
    began: float
    wrong: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    unaudited: int = 0


class Attempts:
    """Wrong tokens by address, for a minute. Right ones are never slowed, whoever shares their address."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._windows: OrderedDict[str, _Window] = OrderedDict()

    def failed(self, address: str, reason: str) -> float | None:
        """Counts a wrong token. The seconds to wait where the address sent too many; None: not yet."""
        REFUSED.labels(reason).inc()
        window = self._window(address)
        window.wrong += 1
        window.unaudited += 1
        window.reasons[reason] = window.reasons.get(reason, 0) + 1
        return max(1.0, window.began + PER_S - self._monotonic()) if window.wrong > FREE else None

    async def write(self, work: Work) -> bool:
        """A job: a row for each address that sent wrong tokens since the last look. True: there is more."""
        due = [(address, one) for address, one in self._windows.items() if one.unaudited][:MOST_ROWS]
        await audited(work, *(_act(address, one) for address, one in due))
        work.on_commit.append(partial(_written, [one for _, one in due]))
        return len(due) == MOST_ROWS

    def _window(self, address: str) -> _Window:
        now = self._monotonic()
        while self._windows and next(iter(self._windows.values())).began + PER_S <= now:
            first = next(iter(self._windows))
            if self._windows[first].unaudited:
                break
            del self._windows[first]
        found = self._windows.get(address)
        if found is None and len(self._windows) >= MOST_ADDRESSES:
            return self._windows.setdefault(ELSEWHERE, _Window(now))
        if found is None or found.began + PER_S <= now:
            kept = found.unaudited if found else 0
            reasons = found.reasons if found else {}
            found = self._windows[address] = _Window(now, 0, reasons, kept)
            self._windows.move_to_end(address)
        return found


def _written(windows: Iterable[_Window]) -> None:
    for one in windows:
        one.unaudited, one.reasons = 0, {}


def _act(address: str, window: _Window) -> Act:
    """The address may be a person's, and stands where it can be erased."""
    reasons = ", ".join(f"{name} {number}" for name, number in sorted(window.reasons.items()))
    why = f"{window.unaudited} tokens from {address}: {reasons}"
    return Act("unknown", "anyone", "sign_in", "tokens", "refused", why)
