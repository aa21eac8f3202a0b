"""The manual of the law: a page for each rule, each file of a statute and each policy, made from these themselves.

Its pages are committed beside this package's modules, and written by ``python -m services.eligibility.manual``.
"""
