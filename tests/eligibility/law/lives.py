"""Lives for hypothesis: whatever the contracts allow, with as many facts unknown or in doubt as known."""

from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from reliefstream_contracts.histories import Conviction, HistoryChanged
from reliefstream_contracts.records import Registration
from reliefstream_contracts.vocabulary.offense import CodeSection, Doubt, SentencePart
from services.chassis.settings.located_yaml import WrongFile
from services.eligibility.files.policy_files import load_policy
from services.eligibility.files.policy_options import GivenOptions
from services.eligibility.files.policy_titles import policy_names
from services.eligibility.law.engine.policy import Policy
from tests.eligibility.builders import a_conviction, a_history, an_offense, relieved

DAYS = st.dates(date(1965, 1, 1), date(2019, 12, 31))
SECTIONS = (
    *("HS 11357", "HS 11357(b)", "HS 11357(c)", "HS 11358", "HS 11359", "HS 11360(a)", "HS 11360(b)"),
    *("HS 11357.5", "HS 11361", "HS 11530", "PC 187(a)", "PC 245", "PC 136.1", "PC 186.22(b)(4)", "PC 314"),
    *("PC 459", "HS 113599", "HS 11358.5", "PC 187a", "PC 186.22b", "PC 290.018(b)", "US 1111"),
)
ANY = st.sampled_from(SECTIONS)
RELIEF = ("pc_1203_4", "pc_17b", "hs_11361_8_dismissal")


CANNABIS = ("HS 11358", "HS 11359", "HS 11360(a)", "HS 11357(a)", "HS 11357(b)", "HS 11357", "HS 11530")


class Oddity:
    """How much of a life is unknown or in doubt: of some nothing, of some a little, of some a good part."""

    def __init__(self, draw: st.DrawFn, twentieths: int) -> None:
        self._draw, self._twentieths = draw, twentieths

    def of(self, plain: st.SearchStrategy[Any], odd: st.SearchStrategy[Any]) -> Any:
        # Hypothesis tends to small numbers, and the plain is what most should be.
        return self._draw(odd if self._draw(st.integers(0, 19)) >= 20 - self._twentieths else plain)

    def among(self, *plain: Any, odd: tuple[Any, ...]) -> Any:
        return self.of(st.sampled_from(plain), st.sampled_from(odd))


def _sentence(odd: Oddity) -> tuple[SentencePart, ...]:
    part = st.builds(
        SentencePart,
        kind=st.sampled_from(["jail", "probation", "prison"]),
        length=st.integers(0, 40),
        unit=st.sampled_from(["days", "months", "years"]),
    )
    odder = st.builds(SentencePart, kind=st.sampled_from(["life", "fine", "jail"]))
    parts: tuple[SentencePart, ...] = odd.of(st.tuples(part), st.tuples(part, odder) | st.just(()))
    return parts


def _conviction(odd: Oddity, name: str, sections: tuple[str, ...]) -> Conviction:
    charged = odd.of(st.sampled_from(sections).map(lambda one: (one,)), st.just(()) | st.tuples(ANY, ANY))
    flag = odd.among("", odd=("attempt", "conspiracy", "accessory"))
    relief = odd.among("", odd=RELIEF)
    sealed, destroyed = odd.among((), odd=(("court",),)), odd.among((), odd=(("court",),))
    return a_conviction(
        name=name,
        offense=an_offense(*charged, as_written="11358 HS", **({flag: True} if flag else {})),
        event=odd.among(name, "a", odd=("b",)),
        county=odd.among("los-angeles", odd=("fresno", None)),
        level_convicted=odd.among("felony", "felony", "misdemeanor", odd=("infraction", None)),
        offense_date=odd.of(DAYS, st.none()),
        conviction_date=odd.of(DAYS, st.none()),
        sentence=_sentence(odd),
        sealed_by=sealed,
        destroyed_by=destroyed,
        doubts=odd.among((), odd=((Doubt(field="disposition", kind="unparsed"),),)),
        later_relief=relieved(relief) if relief else (),
        prosecuting_agency=odd.among("DISTRICT ATTORNEY", "LONG BEACH CITY ATTORNEY", odd=(None, "A COURT")),
    )


@st.composite
def histories(draw: st.DrawFn) -> HistoryChanged:
    """A person's history; its first conviction is of the cannabis article unless it is odd."""
    twentieths = draw(st.sampled_from([1, 4, 8]))
    odd = Oddity(draw, twentieths)
    # Most of what is asked about is known of the conviction itself, or nothing else would ever be looked at.
    found = [_conviction(Oddity(draw, twentieths // 4), "0", CANNABIS)]
    found += [_conviction(odd, str(at), (*SECTIONS, *CANNABIS)) for at in range(1, draw(st.integers(1, 4)))]
    died = odd.of(st.none(), DAYS)
    registered = odd.among((), odd=((None,), (date(1990, 1, 1),), (date(2012, 1, 1),)))
    return a_history(
        *found,
        rap_sheet=odd.among("complete", odd=("incomplete", "none")),
        birth_date=odd.of(st.dates(date(1940, 1, 1), date(2005, 1, 1)), st.none()),
        deceased=died is not None,
        deceased_on=died,
        registrations=tuple(
            Registration(section=CodeSection(code="PC", section="290"), on=on) for on in registered
        ),
    )


def _turned(policy: Policy) -> Policy:
    """The policy with every option otherwise than by default."""
    values: list[tuple[str, object, int]] = []
    for option in policy.options:
        if isinstance(option.default, bool):
            values.append((option.name, not option.default, 1))
        elif isinstance(option.default, tuple):
            values.append((option.name, ("HS 11357", "HS 11360(b)"), 1))
        else:
            values.append((option.name, 10 if _takes(policy.name, option.name, 10) else 50, 1))
    return load_policy(policy.name, GivenOptions(Path("options.yaml"), tuple(values)))


def _takes(policy: str, option: str, number: int) -> bool:
    try:
        load_policy(policy, GivenOptions(Path("options.yaml"), ((option, number, 1),)))
    except WrongFile:
        return False
    return True


def all_policies() -> dict[str, Policy]:
    """Every policy that ships, and with every option turned each that has options."""
    found = {name: load_policy(name) for name in policy_names()}
    turned = {f"{name}, options turned": _turned(policy) for name, policy in found.items() if policy.options}
    return found | turned
