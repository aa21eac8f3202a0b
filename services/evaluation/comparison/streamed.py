"""The histories of everyone who has been streamed, from the service that keeps them; the flow goes on meanwhile."""

from collections.abc import Iterator

from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.identifiers import CountyName
from services.cli.client.addresses import Addresses
from services.cli.export import lines


def streamed(found: Addresses, county: CountyName) -> Iterator[HistoryChanged]:
    """Each person's newest history of whom the county sent something, sorted by subject.

    Raises ServerMissing, also where the service goes away in the middle, or Refused.
    """
    for entry in lines(found, "histories", county=county):
        yield HistoryChanged.model_validate(entry)
