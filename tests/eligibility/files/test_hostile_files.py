"""Wrong, odd and hostile law, policy, option and county files: refused with file and line, never a stack trace."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from services import COUNTIES
from services.chassis.settings.located_yaml import DEPTH_LIMIT, SIZE_LIMIT, WrongFile, read_yaml
from services.cli.main import run
from services.eligibility.files.county_files import read_county
from services.eligibility.files.currency import STATUTE
from services.eligibility.files.policy_files import load_policy, read_policy
from services.eligibility.files.policy_options import read_options
from services.eligibility.files.policy_titles import POLICIES, policy_names
from services.eligibility.files.statute_files import load_statute
from services.eligibility.law.engine.judge import judge
from tests.effort import tries
from tests.eligibility.builders import LOS_ANGELES, a_conviction, a_history
from tests.evaluation.doj_rows import a_file, a_row

SEED = 11_361
GOOD = (POLICIES / "los-angeles-2020.yaml").read_text()
PLACED = re.compile(r"\.(?:yaml|json), line ([0-9]+): .")


def refused(call: Callable[[], Any]) -> int:
    """The line that a refusal names. Fails when nothing is refused, or without file and line."""
    with pytest.raises(WrongFile) as wrong:
        call()
    place = PLACED.search(str(wrong.value))
    assert place, str(wrong.value)
    assert "\n" not in str(wrong.value).strip(), "one line for a user to read"
    return int(place[1])


def a_policy(folder: Path, text: str | bytes) -> Path:
    path = folder / "los-angeles-2020.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    read_policy.cache_clear()
    return path


WRONG_VALUES = [
    ("convicted_on_or_after: 2016-11-09", f"convicted_on_or_after: {value}")
    for value in ("2016-02-30", "0000-01-01", "2016-11-09 10:00:00", '"2016-11-09"', "11/09/2016")
] + [
    ("age_at_least: 50", f"age_at_least: {value}")
    for value in (
        *("-50", "0", "50.5", ".inf", "1:30", "0x32", "062", "5_0", "9" * 50, "9" * 5_000, "true", "null", "'50'"),
        *("!!python/object/apply:os.system [ls]", "!mine 5", "!!binary x!", "[50]", "{a: b}"),
        *("!!python/name:os.system", "*fifty", "&a 50 50", "<<", "1e2", "50 years", "2016-11-09"),
    )
] + [
    ("earlier_same_section: 2", "earlier_same_section: 1000000000000"),
    ("earlier_same_section: 2", "earlier_same_section: 2.0"),
    ("no_conviction_in_past_years: 10", "no_conviction_in_past_years: 100000"),
    ("[misdemeanor, infraction]", "[[misdemeanor]]"),
    ("[misdemeanor, infraction]", "[{a: b}]"),
    ("[misdemeanor, infraction]", "misdemeanor"),
    ("[misdemeanor, infraction]", "[]"),
    ("[misdemeanor, infraction]", "[Felony]"),
    ("[HS 11357(a), HS 11357(b)]", "[11357]"),
    ("[HS 11357(a), HS 11357(b)]", "['HS 1135.*']"),
    ("[HS 11357(a), HS 11357(b)]", "['HS 11357(a']"),
    ("[HS 11357(a), HS 11357(b)]", "['11357(A) HS']"),
    ("[HS 11357(a), HS 11357(b)]", "[null]"),
    ("{age_at_least: 50}", ""),
    ("{age_at_least: 50}", "age"),
    ("{age_at_least: 50}", "[age_at_least, 50]"),
    ("{age_at_least: 50}", "{}"),
    ("{age_at_least: 50}", "{age_at_least: 50, age_at_most: 60}"),
    ("{age_at_least: 50}", "{age_at_least: 50, age_at_least: 60}"),
    ("{age_at_least: 50}", "{Age_At_Least: 50}"),
    ("{age_at_least: 50}", "{all: [5, [6]]}"),
    ("{age_at_least: 50}", "{all: {deceased: true}}"),
    ("{age_at_least: 50}", "{all: [{otherwise: true}, {deceased: true}]}"),
    ("{age_at_least: 50}", "{otherwise: true}"),
    ("{age_at_least: 50}", "{deceased: false}"),
    ("{age_at_least: 50}", "!!omap [a: b]"),
    ("{age_at_least: 50}", "{50: age_at_least}"),
    ("{age_at_least: 50}", "{? [a] : 50}"),
    ("row: 3a", "row: "),
    ("row: 3a", "row: {a: b}"),
    ("row: 3a", "row: true"),
    ("row: 3b", "row: 3a"),
    ("interpretations: [I-14]", "interpretations: 5"),
    ("interpretations: [I-14]", "interpretations: I-14"),
    ("interpretations: [I-14]", "interpretations: [[5]]"),
    ("interpretations: [I-14]", "citation: 5"),
    ("interpretations: [I-14]", "reason: twice"),
    ("needs_review: Hand Review", "needs_review: 5"),
    ("needs_review: Hand Review", "needs_review:"),
    ("needs_review: Hand Review", "needs_review: '  '"),
    ("needs_review: Hand Review", "eligible: Hand Review"),
    ("reason: age_50_or_older", "reason: Age 50!"),
    ("reason: age_50_or_older", "reason: 50"),
    ("determination_label: Hand Review", "determination_label: ' '"),
    ("determination_label: Hand Review", 'determination_label: "Hand\\aReview"'),
    ("reason_label: Deceased", "reason_label: No"),
    ("outcome: dismissal", "outcome: [dismissal]"),
    ("outcome: dismissal", "outcome: eligible"),
    ("route: city_attorney", "route: public_defender"),
    ("outcome: not_eligible", "outcome: not_eligible\n    route: city_attorney"),
    ("policy: los-angeles-2020", "policy: [los-angeles-2020]"),
    ("law: hs-11361.8", "law: hs-11361.9999"),
    ("law: hs-11361.8", "law: {a: b}"),
    ("title: Los Angeles County, February 2020", "title: 5"),
    ("title: Los Angeles County, February 2020", "title:"),
    ("title: Los Angeles County, February 2020", "=: 5"),
    ("title: Los Angeles County, February 2020", "<<: {title: 5}"),
]  # fmt: skip


@pytest.mark.parametrize(("good", "wrong"), WRONG_VALUES)
def test_a_wrong_value_is_refused_at_its_line(tmp_path: Path, good: str, wrong: str) -> None:
    assert good in GOOD, "the policy that ships has changed: change this table"
    path = a_policy(tmp_path, GOOD.replace(good, wrong, 1))

    line = refused(lambda: read_policy(path))

    of_the_change = GOOD[: GOOD.index(good)].count("\n") + 1
    assert abs(line - of_the_change) <= 3, f"line {of_the_change} was changed, {line} is named"


def _laughs(levels: int) -> str:
    first = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    return first + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, levels))


ROWS = GOOD.index("rows:")
WHOLE_FILES: dict[str, str | bytes] = {
    "nothing": "",
    "a comment only": "# nothing\n",
    "a list": "- a\n- b\n",
    "a number": "42",
    "two documents": f"{GOOD}\n---\na: b\n",
    "a billion laughs": _laughs(30) + GOOD,
    "an alias of itself": "x: &a [*a]\n" + GOOD,
    "an alias of itself in a mapping": "x: &a {b: *a}\n" + GOOD,
    "ten thousand brackets": f"x: {'[' * 10_000}{']' * 10_000}\n{GOOD}",
    "a condition within conditions": GOOD.replace(
        "{age_at_least: 50}", "{all: [{deceased: true}, " * 500 + "{deceased: true}" + "]}" * 500
    ),
    "just too deep": f"x: {'[' * DEPTH_LIMIT}{']' * DEPTH_LIMIT}\n{GOOD}",
    "too long": GOOD + "#" * SIZE_LIMIT,
    "a NUL": GOOD + "\0",
    "not UTF-8": GOOD.encode() + b"# \xff",
    "UTF-16": GOOD.encode("utf-16"),
    "a tab": GOOD.replace("  - row: 1", "\t- row: 1"),
    "an open quote": GOOD.replace("reason: deceased", "reason: 'deceased"),
    "a directive": "%YAML 9.9\n---\n" + GOOD,
    "no rows": GOOD[:ROWS],
    "empty rows": GOOD[:ROWS] + "rows: []",
    "rows that are a mapping": GOOD[:ROWS] + "rows: {a: b}",
    "rows that are numbers": GOOD[:ROWS] + "rows: [1, 2]",
    "a last row that may not be met": GOOD[: GOOD.index("  - row: 13")],
    "rows out of order, otherwise first": GOOD.replace("{level: [misdemeanor, infraction]}", "{otherwise: true}"),
    "an unknown key": "regulations: none\n" + GOOD,
    "a key twice": GOOD + "policy: los-angeles-2020\n",
    "remarks that are text": re.sub(r"remarks:\n(  - .*\n)+", "remarks: hello\n", GOOD),
    "remarks that are a number": re.sub(r"remarks:\n(  - .*\n)+", "remarks: 5\n", GOOD),
    "JSON of another kind": '{"policies": [1]}',
    "HTML": "<html><body>404</body></html>",
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE_FILES)
def test_a_wrong_file_is_refused_with_a_line(tmp_path: Path, name: str) -> None:
    path = a_policy(tmp_path, WHOLE_FILES[name])

    line = refused(lambda: read_policy(path))

    assert 1 <= line <= GOOD.count("\n") + 5


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongFile, match="cannot be read"):
        read_yaml(tmp_path)
    with pytest.raises(WrongFile, match="cannot be read"):
        read_yaml(tmp_path / "none.yaml")


def test_windows_line_ends_a_byte_order_mark_and_the_order_of_keys_change_nothing(tmp_path: Path) -> None:
    plain = read_policy(a_policy(tmp_path, GOOD))
    head, rows = GOOD[:ROWS], GOOD[ROWS:]
    for other in (GOOD.replace("\n", "\r\n"), "\ufeff" + GOOD, rows + head):
        found = read_policy(a_policy(tmp_path, other))
        assert [(row.number, row.says) for row in found.rows] == [
            (row.number, row.says) for row in plain.rows
        ]


@pytest.mark.parametrize(
    ("good", "wrong"),
    [
        ("county: los-angeles", "county: [los-angeles]"),
        ("from: 2020-02-01", "from: 2020-02-30"),
        ("from: 2020-02-01", "from: 2020-02-01 10:00:00"),
        ("from: 2020-02-01", "from: soon"),
        ("policy: los-angeles-2020", "policy: [los-angeles-2020]"),
        ("policy: los-angeles-2020", "polcy: los-angeles-2020"),
        ("from: 2021-09-01", "from: 2020-02-01"),
        ("timezone: America/Los_Angeles", "timezone: 5"),
        ("timezone: America/Los_Angeles", "timezone: ../../etc/passwd"),
        ("timezone: America/Los_Angeles", "timezone: Mars/Olympus"),
        ("  - Long Beach", "  - 5"),
        ("  - Long Beach", "  - [Long Beach]"),
        ("policies:\n", "policies: 5\nmore:\n"),
        ("policies:\n", "policies: []\nmore:\n"),
    ],
)
def test_a_wrong_county_file_is_refused_with_a_line(tmp_path: Path, good: str, wrong: str) -> None:
    text = (COUNTIES / "los-angeles" / "county.yaml").read_text()
    assert good in text
    path = tmp_path / "los-angeles" / "county.yaml"
    path.parent.mkdir()
    path.write_text(text.replace(good, wrong, 1))

    refused(lambda: read_county(path))


ODD = (
    "",
    "5",
    "-1",
    "[]",
    "{}",
    "[[1]]",
    "null",
    "true",
    "2016-02-30",
    "2016-11-09 10:00:00",
    "!x y",
    "*a",
    "&a b",
)
ODD += (
    '"',
    "- -",
    "{a: b, a: c}",
    ".nan",
    "$name",
    "{name}",
    "HS",
    "felony",
    "\ufffd",
    "😀",
    "x" * 300,
    "'",
    "? ",
    "otherwise: true",
)


def _spoilt(text: str, chance: Random) -> str:
    """The text with one to three lines spoilt as hands and programs do."""
    lines = text.splitlines()
    for _ in range(chance.choice((1, 1, 2, 3))):
        at = chance.randrange(len(lines))
        line, odd = lines[at], chance.choice(ODD)
        key, colon, _ = line.partition(":")
        words = re.split(r"(\W+)", line)
        words[chance.randrange(len(words))] = odd
        other = chance.randrange(len(lines))
        kind = chance.randrange(7)
        if kind == 0:
            del lines[at]
        elif kind == 1:
            lines.insert(at, line)
        elif kind == 2:
            lines[at], lines[other] = lines[other], line
        else:
            changed = (
                f"{key}{colon} {odd}",
                "".join(words),
                line[: chance.randrange(len(line) + 1)],
                f" {line}",
            )
            lines[at] = changed[kind - 3]
        lines = lines or [""]
    return "\n".join(lines)


A_LIFE = a_history(
    a_conviction(),
    a_conviction("HS 11359", name="2", conviction_date=None, level_convicted=None, sentence=()),
    a_conviction("HS 11357(b)", name="3", level_convicted="misdemeanor", conviction_date=date(2017, 1, 1)),
    a_conviction("PC 148", name="4", level_convicted="misdemeanor"),
    rap_sheet="incomplete",
)


SPOILT = tries(60)
"""Copies of each policy."""


@pytest.mark.parametrize("name", policy_names())
def test_a_spoilt_policy_is_refused_with_a_line_or_judges_whatever_it_says(tmp_path: Path, name: str) -> None:
    chance, text = Random(f"{SEED} {name}"), (POLICIES / f"{name}.yaml").read_text()
    path, wrong = tmp_path / f"{name}.yaml", 0
    for number in range(SPOILT):
        path.write_text(_spoilt(text, chance))
        read_policy.cache_clear()
        try:
            policy = read_policy(path)
        except WrongFile as error:
            wrong += 1
            assert PLACED.search(str(error)), f"seed {SEED}, {number}: {error}"
            continue
        for day in (date(2010, 1, 1), date(2020, 2, 1), date(2060, 1, 1)):
            for one in judge(A_LIFE, LOS_ANGELES, policy, load_statute(), day):
                assert one.grounds, f"seed {SEED}, {number}"
    assert wrong > SPOILT // 6


def test_a_spoilt_statute_is_refused_with_a_line_or_judges_whatever_it_says(tmp_path: Path) -> None:
    chance, names = Random(SEED), sorted(path.name for path in STATUTE.glob("*.yaml"))
    of, wrong = tries(48), 0
    for number in range(of):
        folder = tmp_path / str(number)
        folder.mkdir()
        spoilt = names[number % len(names)]
        for name in names:
            text = (STATUTE / name).read_text()
            (folder / name).write_text(_spoilt(text, chance) if name == spoilt else text)
        try:
            statute = load_statute(folder)
        except WrongFile as error:
            wrong += 1
            assert PLACED.search(str(error)), f"seed {SEED}, {number}, {spoilt}: {error}"
            continue
        for policy in policy_names():
            judge(A_LIFE, LOS_ANGELES, load_policy(policy), statute, date(2020, 2, 1))
    assert wrong > of * 10 // 48


OPTIONS = (
    "{}",
    "5",
    "[1, 2]",
    '{"a": {"b": {"c": 1}}}',
    "subject_age_threshold: fifty",
    "subject_age_threshold: 2016-02-30",
)
OPTIONS += (
    "additionalRelief: 5",
    "additionalRelief: {subjectAgeThreshold: [1]}",
    "a: 1\na: 2",
    "a: *b",
    '{"a": }',
    "\0",
    "x: !y z",
)
OPTIONS += (
    "additionalRelief: {subjectAgeThreshold: -5}",
    "additionalRelief: {subjectAgeThreshold: 1e9}",
    "additionalRelief: null",
)


@pytest.mark.parametrize("text", OPTIONS)
@pytest.mark.parametrize("name", policy_names())
def test_odd_options_are_refused_with_a_line_or_taken(tmp_path: Path, text: str, name: str) -> None:
    path = tmp_path / "options.yaml"
    path.write_text(text)
    try:
        policy = load_policy(name, read_options(path))
    except WrongFile as error:
        assert PLACED.search(str(error)), str(error)
    else:
        assert judge(A_LIFE, LOS_ANGELES, policy, load_statute(), date(2020, 2, 1))


COMMANDS = {
    "show": lambda policy, _: ["policy", "show", policy],
    "compare": lambda policy, file: [
        *("policy", "compare", "los-angeles-2020", policy, file, "--county", "los-angeles"),
        *("--as-of", "2020-02-01", "--out", f"{file}.out"),
    ],
    "evaluate": lambda policy, file: [
        *("evaluate", file, "--county", "los-angeles", "--policy", policy, "--as-of", "2020-02-01"),
        *("--out", f"{file}.out"),
    ],
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    "text",
    [
        *("", "- a", "\0", _laughs(30), "x: &a [*a]", "x: " + "[" * 5_000),
        *(GOOD.replace("2016-11-09", "2016-02-30"), GOOD.replace("needs_review: Hand Review", "needs_review:")),
    ],
)  # fmt: skip
def test_a_command_with_a_hostile_policy_ends_with_2_and_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, text: str
) -> None:
    policy, file = tmp_path / "hostile.yaml", tmp_path / "doj.csv"
    policy.write_text(text)
    file.write_text(a_file(a_row()))

    assert run(COMMANDS[command](str(policy), str(file))) == 2

    told = capsys.readouterr()
    assert "hostile.yaml, line " in told.err
    assert "Traceback" not in told.err + told.out


@pytest.mark.parametrize(
    "policy",
    [
        "./none.yaml",
        "../../../etc/passwd",
        "/dev/null",
        "nowhere",
        "",
        " ",
        "a\0b",
        "x" * 5_000,
        f"./{'x' * 5_000}",
    ],
)
def test_a_policy_that_is_nowhere_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], policy: str
) -> None:
    file = tmp_path / "doj.csv"
    file.write_text(a_file(a_row()))
    for make in COMMANDS.values():
        assert run(make(policy, str(file))) == 2
        assert "Traceback" not in capsys.readouterr().err
