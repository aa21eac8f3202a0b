"""The generated pages are as the code makes them, and say something of everything."""

import pytest

from docs.generate.pages import REFERENCES, stale
from docs.generate.settings import SERVICES
from tests.deploy.metrics import EXPORTED


def test_the_committed_pages_are_as_generated() -> None:
    assert stale() == [], "make docs writes them"


def test_each_setting_says_what_it_means() -> None:
    for settings in SERVICES.values():
        silent = [name for name, field in settings.model_fields.items() if not field.description]
        assert not silent, f"{settings.__name__}: {silent}"


def test_the_metrics_page_has_each_metric_of_ours() -> None:
    page = REFERENCES["metrics"]()
    suffixes = ("_bucket", "_count", "_sum", "_created")
    ours = {name for name in EXPORTED if name.startswith("reliefstream_") and not name.endswith(suffixes)}

    assert ours
    assert {name for name in ours if f"`{name}`" not in page and f"`{name}_total`" not in page} == set()


@pytest.mark.slow
def test_the_commands_page_has_the_options_of_each_command() -> None:
    page = REFERENCES["commands"]()

    for words in (
        "## reliefstream evaluate",
        "`--as-of",
        "### reliefstream quarantine resubmit",
        "`--profile",
    ):
        assert words in page
