"""What stands in place of a county's words when its table was not reached or could not be answered."""

REASONS = {
    "section_unreadable": "Section could not be read",
    "mixed_sections": "More than one offense on one line",
    "accessory": "Accessory (PC 32)",
    "predecessor_after_renumbering": "Former section, date after its renumbering or unknown",
    "conspiracy": "Conspiracy (PC 182)",
    "section_not_covered": "Section not reached by HS 11361.8",
    "conviction_undone": "The conviction no longer stands",
    "reported_twice": "Stated to be a conviction that is on record already",
    "of_another_county": "Stated to be another county's",
    "of_another_section": "Stated to be of another section",
    "juvenile_adjudication": "Juvenile adjudication: form JV-744",
    "possible_plea_bargain": "Possible plea bargain beside a cannabis charge",
    "identity_in_doubt": "Records may be of two persons",
    "county_unknown": "County of conviction unknown",
    "case_number_unreadable": "Case number could not be read",
    "disposition_in_doubt": "Disposition unclear",
    "not_yet_convicted": "Convicted after the day that is judged",
    "later_relief_in_doubt": "Relief named but not shown as granted",
    "relief_shown": "Relief under HS 11361.8 on record",
    "relief_stated": "Relief under HS 11361.8, as stated",
    "earlier_relief_shown": "Relief on record",
    "not_a_california_offense": "Not an offense of California",
    "record_sealed_or_destroyed": "Court record sealed or destroyed",
    "unknown_conviction_date": "Conviction date unknown",
    "unknown_level": "Level of conviction unknown",
}

FOR_A_PERSON = {
    "accessory": "whether the plea stands for the cannabis offense is for a court to say, on a petition",
    "possible_plea_bargain": "whether the plea stands for the cannabis charge is for a court to say, on a petition",
    "juvenile_adjudication": "the juvenile court decides, on form JV-744",
    "not_yet_convicted": "on the day that is judged there is no conviction yet: another day has to be judged",
    "below_legal_minimum": "the county's table gives less than the law compels: a prosecutor has to choose",
    "convicted_under_prop_64": "the county's table gives what HS 11361.8 does not: only another law can",
    "beyond_statute": "the policy gives what no condition of the statute does",
    "identity_in_doubt": "records contradict each other on whose they are: the records unit has to part or join them",
}
"""Reviews that no statement of a fact settles, with what does. A row of a county's table that sends a conviction to an
office leaves it to that office."""
