"""Every event, in the order of the flow."""

from reliefstream_contracts.audit import AuditHeadSigned
from reliefstream_contracts.determinations import DeterminationsChanged
from reliefstream_contracts.discrepancies import DiscrepancyChanged
from reliefstream_contracts.dismissals import ConvictionDismissed, ConvictionSealed
from reliefstream_contracts.event import Event
from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.receipts import ReceiptIssued
from reliefstream_contracts.records import CaseRecorded, RapSheetRecorded
from reliefstream_contracts.relief import RELIEF_TOPIC_EVENTS
from reliefstream_contracts.sealing import ConvictionForgotten, LinksPinned, SealRemoved
from reliefstream_contracts.statements import FactStated

EVENTS: tuple[type[Event], ...] = (
    ReceiptIssued,
    RapSheetRecorded,
    CaseRecorded,
    FactStated,
    HistoryChanged,
    DeterminationsChanged,
    *RELIEF_TOPIC_EVENTS,
    LinksPinned,
    ConvictionForgotten,
    SealRemoved,
    ConvictionDismissed,
    ConvictionSealed,
    DiscrepancyChanged,
    AuditHeadSigned,
)
