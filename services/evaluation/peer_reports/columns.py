"""The columns that the peer adds to DOJ's, and those that its condensed file keeps."""

from reliefstream_contracts.vocabulary.california_codes import AMENDED_BY_PROPOSITION_64
from services.ingest.core.doj.file.columns import COLUMNS as DOJ

ADDED = (
    *("Case Number", "# of convictions on record", "Possible Other P64 Charges", "Occurred after 11/9/2016"),
    *("Superstrike Code Section(s)", "PC290 Code Section(s)", "PC290 Registration", "Date of Conviction"),
    *("Years Since This Conviction", "Years Since Any Conviction", "# of Prop 64 convictions"),
    *(f"# of HS {section} convictions" for section in AMENDED_BY_PROPOSITION_64),
    *("Deceased", "Eligibility Determination", "Eligibility Reason"),
)
OTHER_CHARGES = ADDED.index("Possible Other P64 Charges")
REASON = ADDED.index("Eligibility Reason")
ALL = (*DOJ, *ADDED)
KEPT = (
    *("CII_NUMBER", "PRI_NAME", "GENDER", "PRI_DOB", "RACE_DESCR", "CYC_DATE", "STP_EVENT_DATE"),
    *("STP_ORI_DESCR", "STP_ORI_CNTY_NAME", "DISP_DATE", "OFN", "OFFENSE_DESCR", "DISP_DESCR"),
    *("CONV_STAT_DESCR", "SENT_LOC_DESCR", "SENT_LENGTH", "SENT_TIME_CODE", "CYC_AGE", "COMMENT_TEXT"),
    "END_OF_REC",
)
CONDENSED = (*KEPT, *ADDED)
