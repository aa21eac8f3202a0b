"""The laws that a policy may name."""

from services.eligibility.law.statutes import hs_11361_9, pc_1203_425_review

LAWS = {law.name: law for law in (hs_11361_9.LAW, pc_1203_425_review.LAW)}
