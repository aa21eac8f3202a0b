"""The laws that a policy may name."""

from services.eligibility.law.statutes import pc_1203_425_review
from services.eligibility.law.statutes.health_and_safety import hs_11361_9

LAWS = {law.name: law for law in (hs_11361_9.LAW, pc_1203_425_review.LAW)}
