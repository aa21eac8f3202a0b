"""One installation through which a small county streams while services are rebuilt and switched, or are not."""

import asyncio
import json
from collections import Counter
from pathlib import Path
from typing import Any

import asyncpg

from deploy.local import addresses
from deploy.local.layout import Layout
from tests.harness.product import AS_OF, Product, Sample

REPLAYED = ("reconciliation", "eligibility", "notification")
ALIKE = ("twin-1", "twin-2", "twin-3")
UNDATED = "undated-1"
"""A case that nobody can judge by its record: an office decides it."""
OFFICES = "trial-import"
COURT = ("first.jsonl", "second.jsonl", "third.jsonl")
"""The court's files in the order in which they come; the third corrects cases of the others."""
CASE: dict[str, Any] = {
    "record_id": "loop-1",
    "revision": 1,
    "county": "Los Angeles",
    "court": "Los Angeles Superior Court",
    "case_number": "LOOP-0001",
    "prosecuting_agency": "Los Angeles County District Attorney",
    "defendant": {"source_subject_id": "LOOP-P1", "surname": "Fabricated", "birth_date": "1970-01-02"},
    "charges": [
        {
            "charge_number": "1",
            "code_section": "11358 HS",
            "level_convicted": "felony",
            "disposition": "convicted",
            "disposition_date": "1999-03-04",
        }
    ],
}
"""A conviction that is due."""


def small_sample(folder: Path) -> Sample:
    """A fabricated county of some hundred convictions in DOJ's file and the court's three; no truth about it."""
    made = Product(Layout(folder)).run("sample", "--scale", "1/1000", "--seed", "7", "--out", folder)
    assert made.returncode == 0, made.stderr
    lines = (folder / "court.jsonl").read_text().splitlines()
    cases = [json.loads(line) for line in lines if '"refused-' not in line]  # refused on purpose
    good = [case for case in cases if case.get("charges")]
    half = len(good) // 2
    alike = [CASE | {"record_id": one, "case_number": one, "defendant": person(one)} for one in ALIKE]
    (charge,) = CASE["charges"]
    undated = CASE | {
        "record_id": UNDATED,
        "case_number": UNDATED,
        "defendant": person(UNDATED),
        "charges": [charge | {"disposition_date": None}],
    }
    corrected = [case | {"revision": case["revision"] + 1, "charges": later(case)} for case in good[::3]]
    for name, lines in (
        ("first", [*alike, undated, *good[:half]]),
        ("second", good[half:]),
        ("third", corrected),
    ):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return Sample(folder, {})


def person(key: str) -> dict[str, str]:
    return {"source_subject_id": f"P-{key}", "surname": f"Made Up {key}", "birth_date": "1970-01-02"}


def later(case: dict[str, Any]) -> list[dict[str, Any]]:
    return [charge | {"disposition_date": "2019-05-06"} for charge in case["charges"]]


def done(product: Product, *words: str | Path, status: tuple[int, ...] = (0,), acting_as: str = "") -> str:
    ended = product.run(*words, timeout=900, acting_as=acting_as)
    assert ended.returncode in status, f"{words}: {ended.stdout}{ended.stderr}"
    return ended.stdout + ended.stderr


def submit(product: Product, form: str, file: Path) -> None:
    done(product, "submit", "--county", "los-angeles", "--format", form, file, status=(0, 1))


def decide(product: Product, one: str, other: str, how: str) -> None:
    sides = [f"court/los-angeles/{each}" for each in (one, other)]
    done(product, "subject", "link", *sides, how, "--reason", "seen", acting_as="trial-records-unit")


def move_for_the_undated(product: Product) -> None:
    """One of the district attorney's office prepares a motion, another signs it: a decision on relief-v1."""
    query = ("--county", "los-angeles", "--reason", "unknown_conviction_date", "--json")
    listed = json.loads(done(product, "review", "list", *query, acting_as="trial-preparer"))["reviews"]
    (one,) = [each["review_id"] for each in listed if f"court/los-angeles/{UNDATED}/1" in each["counts"]]
    motion = ("--as", "dismissal", "--reason", "file_reviewed")
    done(product, "review", "decide", one, *motion, acting_as="trial-preparer")
    done(product, "review", "show", one, acting_as="trial-signer")
    done(product, "review", "sign", one, acting_as="trial-signer")


def stream(product: Product, small: Sample, *, replaying: bool) -> None:
    done(
        product, "order", "standing", "--county", "los-angeles", "--number", "SO-1", "--judge", "A. Judge",
        "--on", "2021-09-27", "--scope", "HS 11361.8", acting_as="trial-clerk",
    )  # fmt: skip
    done(product, "order", "list", "--county", "los-angeles", acting_as="trial-second-clerk")
    done(product, "order", "confirm", "SO-1", "--county", "los-angeles", acting_as="trial-second-clerk")
    submit(product, "doj", small.doj)
    submit(product, "court", small.folder / "first.jsonl")
    done(product, "settle", "--timeout", "600")
    decide(product, ALIKE[0], ALIKE[1], "--same")
    move_for_the_undated(product)
    if replaying:
        for service in REPLAYED:
            done(product, "replay", "rebuild", service)
        sending = product.start(
            "submit", "--county", "los-angeles", "--format", "court", small.folder / "second.jsonl"
        )
        for service in REPLAYED:
            told = done(product, "replay", "compare", service)
            assert "Equal." in told
            if service == "eligibility":
                cut_off(product, service)
            done(product, "replay", "switch", service)
        assert sending.wait(600) == 0
    else:
        submit(product, "court", small.folder / "second.jsonl")
    done(product, "settle", "--timeout", "600")
    submit(product, "court", small.folder / "third.jsonl")
    decide(product, ALIKE[0], ALIKE[1], "--apart")
    decide(product, ALIKE[1], ALIKE[2], "--same")
    done(product, "settle", "--timeout", "600")


def cut_off(product: Product, service: str) -> None:
    """A switch that is killed once the old database is given up, and before the new one counts."""

    async def given_up() -> None:
        db = await database_of(product, service)
        while await db.fetchval("SELECT last_batch FROM relay_numbering") >= 0:
            assert switching.poll() is None
        await db.close()

    switching = product.start("replay", "switch", service)
    asyncio.run(given_up())
    switching.kill()
    switching.wait()
    assert service not in addresses.database_names(product.layout)


def held(product: Product, folder: Path) -> dict[str, Any]:
    """What an installation holds, ids, versions and times aside."""
    files = {what: folder / f"{what}.jsonl" for what in ("subjects", "discrepancies", "relief")}
    for what, file in files.items():
        done(product, "export", what, "--out", file, acting_as=OFFICES)
    csv = folder / "determinations.csv"
    done(product, "export", "determinations", "--as-of", AS_OF.isoformat(), "--out", csv, acting_as=OFFICES)
    lines = {
        what: [json.loads(line) for line in file.read_text().splitlines()] for what, file in files.items()
    }
    return {
        "determinations": (folder / "determinations.csv").read_text(),
        "subjects": {frozenset(one["records"]) for one in lines["subjects"] if one["records"]},
        "relieved": {
            count for one in lines["relief"] if one["state"] == "ordered" for count in one["counts"]
        },
        "decided": {count for one in lines["relief"] if one["rests_on"] for count in one["counts"]},
        "discrepancies": Counter(
            (one["kind"], tuple(one["counts"]), one["field"], str(one["values"]))
            for one in lines["discrepancies"]
            if one["status"] == "open" and one["kind"] != "identity_in_doubt"
        ),
    }


async def database_of(product: Product, service: str) -> "asyncpg.Connection[Any]":
    """A connection to the service's database of now, as the role that runs it."""
    return await asyncpg.connect(addresses.read(product.layout.root).database_urls[service])
