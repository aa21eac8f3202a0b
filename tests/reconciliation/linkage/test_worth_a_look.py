"""Two records are worth a person's look exactly when all that their fields say reaches the weight for it."""

from itertools import product

from services.reconciliation.linkage.resemblance.description import description_of
from tests.reconciliation.linkage.test_resemblance import MODEL, case

VARIED = {
    "surname": ("OCAMPO VARGAS", "OCAMPO", "SMITH"),
    "given": ("ESTEBAN", "ESTEVAN", "E"),
    "middle": ("R", None),
    "race": ("HISPANIC", None),
    "sex": ("M", None),
    "case": ("BA-12345", "GA-99999"),
}


def test_stopping_at_the_field_that_rules_it_out_changes_no_answer() -> None:
    one = description_of(case())
    asked = []
    for values in product(*VARIED.values()):
        other = description_of(case("C2", **dict(zip(VARIED, values, strict=True))))
        enough = MODEL.bits(MODEL.evidence([one], [other])) >= MODEL.review_at
        assert MODEL.may_be_one(one, other) is enough, values
        asked.append(enough)
    assert any(asked) and not all(asked)
