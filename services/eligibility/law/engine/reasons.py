"""What stands in place of a county's words when its table was not reached or could not be answered."""

REASONS = {
    "section_unreadable": "Section could not be read",
    "mixed_sections": "More than one offense on one line",
    "accessory": "Accessory (PC 32)",
    "predecessor_after_renumbering": "Former section, date after its renumbering or unknown",
    "conspiracy": "Conspiracy (PC 182)",
    "section_not_covered": "Section not reached by HS 11361.8",
    "identity_in_doubt": "Records may be of two persons",
    "county_unknown": "County of conviction unknown",
    "disposition_in_doubt": "Disposition unclear",
    "not_yet_convicted": "Convicted after the day that is judged",
    "later_relief_in_doubt": "Relief named but not shown as granted",
    "relief_shown": "Relief under HS 11361.8 on record",
    "earlier_relief_shown": "Relief on record",
    "not_a_california_offense": "Not an offense of California",
    "record_sealed_or_destroyed": "Court record sealed or destroyed",
    "unknown_conviction_date": "Conviction date unknown",
    "unknown_level": "Level of conviction unknown",
}

UNKNOWN = {
    "birth_date": "Birth date unknown",
    "conviction_date": "Conviction date unknown",
    "deceased_on": "Date of death impossible",
    "disposition": "Whether convicted is unclear",
    "level": "Level of conviction unknown",
    "life_term": "Life sentence: may be a super strike",
    "parole": "End of parole unknown",
    "pending_charges": "No record of pending charges was read",
    "prosecuting_agency": "Prosecuting agency unknown",
    "rap_sheet": "No complete state rap sheet",
    "repeated": "Two records may be one conviction",
    "registration_date": "Registration date unknown",
    "revocation": "Whether probation was revoked is on no record",
    "section": "Section of a conviction unclear",
    "sentence": "Sentence end unknown",
    "seriousness": "May be a serious felony",
    "supervision": "The Supervised Release File was not read",
}
"""By the fact that is missing; the reason code is ``unknown_`` and the fact."""
