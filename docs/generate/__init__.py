"""Writes the generated pages of docs/: the references and the manual of the law (``make docs``)."""
