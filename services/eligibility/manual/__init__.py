"""The manual of the law: a page for each rule, each file of a statute and each policy, generated from them.

`reliefstream policy rule NAME` prints a page. `make docs` writes all of them to docs/law/manual.
"""
