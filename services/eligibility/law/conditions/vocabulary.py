"""The closed vocabulary of a policy's conditions: each word, what it takes, and the rule behind it."""

from collections.abc import Callable
from datetime import date

from reliefstream_contracts.vocabulary.offense import CodeSection
from services.eligibility.law.conditions.age import age_at_least, age_at_most, under_age_at_conviction
from services.eligibility.law.conditions.convictions_on_record import (
    latest_conviction_more_than_years_ago,
    more_than_one_conviction,
    no_conviction_in_past_years,
    single_conviction,
)
from services.eligibility.law.conditions.own_conviction import (
    convicted_years_ago,
    level_is,
    names_section,
    own_sentence_ended,
    own_sentence_running,
)
from services.eligibility.law.conditions.prosecutor import prosecuted_by_city
from services.eligibility.law.conditions.related_charge import (
    exact_charge,
    no_cannabis_charge_in_cycle,
    related_charge,
)
from services.eligibility.law.conditions.whole_history import (
    a_sentence_running,
    all_sentences_ended,
    deceased,
    only_cannabis_convictions,
)
from services.eligibility.law.conditions.word import Word
from services.eligibility.law.engine.finding import CitedTest
from services.eligibility.law.input.judged_conviction import Case
from services.eligibility.law.statutes.health_and_safety.hs_11358_to_11360_priors import earlier_same_section
from services.eligibility.law.statutes.health_and_safety.hs_11361_8 import convicted_on_or_after
from services.eligibility.law.statutes.prior_convictions.pc_290_c import (
    earlier_pc_290_conviction,
    earlier_pc_290_registration,
)
from services.eligibility.law.statutes.prior_convictions.pc_667_e_2_c_iv import earlier_super_strike


def _true(says: str, test: Callable[[Case], CitedTest]) -> Word:
    """A word that takes nothing but ``true``."""
    return Word(bool, "true", lambda _: says, lambda case, *_: test(case))


def _number(example: int, says: str, test: Callable[[Case, int], CitedTest]) -> Word:
    """A word that takes a number; ``says`` has it as ``{}``."""
    return Word(int, str(example), says.format, lambda case, _, number: test(case, number))


VOCABULARY: dict[str, Word] = {
    "otherwise": _true("otherwise", lambda _: CitedTest("otherwise", "met", "")),
    "level": Word(
        tuple, "[misdemeanor, infraction]", lambda v: f"a {' or '.join(v)}", lambda c, _, v: level_is(c, v)
    ),
    "names_section": Word(
        list, '["HS 11357(a)"]', lambda v: f"names {v.name}", lambda _, section, v: names_section(section, v)
    ),
    "convicted_on_or_after": Word(
        date,
        "2016-11-09",
        lambda v: f"convicted on or after {v}",
        lambda c, _, v: convicted_on_or_after(c, v),
    ),
    "convicted_years_ago": _number(10, "convicted {} or more years ago", convicted_years_ago),
    "earlier_super_strike": _true("an earlier super strike", earlier_super_strike),
    "earlier_pc_290_conviction": _true("an earlier PC 290(c) conviction", earlier_pc_290_conviction),
    "earlier_pc_290_registration": _true("an earlier PC 290 registration", earlier_pc_290_registration),
    "earlier_same_section": Word(
        int, "2", "{} or more earlier felonies of the same section".format, earlier_same_section, most=20
    ),
    "age_at_least": _number(50, "{} or older on the day", age_at_least),
    "age_at_most": _number(21, "{} or younger on the day", age_at_most),
    "under_age_at_conviction": _number(21, "under {} when convicted", under_age_at_conviction),
    "only_cannabis_convictions": _true("only cannabis convictions", only_cannabis_convictions),
    "more_than_one_conviction": _true("more than one conviction on record", more_than_one_conviction),
    "single_conviction": _true("a single conviction on record", single_conviction),
    "all_sentences_ended": _true("all sentences ended", all_sentences_ended),
    "a_sentence_running": _true("a sentence still running", a_sentence_running),
    "own_sentence_ended": _true("its own sentence ended", own_sentence_ended),
    "own_sentence_running": _true("its own sentence still running", own_sentence_running),
    "no_conviction_in_past_years": _number(
        10, "no conviction in the past {} years", no_conviction_in_past_years
    ),
    "latest_conviction_more_than_years_ago": _number(
        10, "the latest conviction more than {} years ago", latest_conviction_more_than_years_ago
    ),
    "deceased": _true("deceased", deceased),
    "prosecuted_by_city": _true("filed by a city with its own prosecutor", prosecuted_by_city),
    "related_charge": _true("a related charge", related_charge),
    "exact_charge": Word(
        CodeSection, '"BP 4060"', lambda v: f"the charge is exactly {v}", lambda c, _, v: exact_charge(c, v)
    ),
    "no_cannabis_charge_in_cycle": _true(
        "no Prop 64 charge in the same cycle or case", no_cannabis_charge_in_cycle
    ),
}
"""What a policy can ask. An answer that rests on a missing fact is unknown, and unknown is never met."""
