"""Puts a changed source in the place of a file's, in a process that may have imported it already."""

import functools
import gc
import importlib.machinery
import sys
from collections.abc import Iterator
from types import CodeType, FunctionType

OURS = ("services.", "tests.", "deploy.", "reliefstream_contracts.")


def change(path: str, source: str, function: str | None) -> None:
    """From now on the file at that absolute path does what this source says.

    ``function``: the qualified name of the one function that differs. None: what differs is outside of functions and
    seen by an import only, so that every module of the project is forgotten and imported anew.
    """
    if function is None:
        _import_anew(path, source)
        return
    code = [each for each in _codes(compile(source, path, "exec")) if each.co_qualname == function][-1]
    for found in gc.get_objects():
        if isinstance(found, FunctionType):
            before = found.__code__
            if (before.co_filename, before.co_qualname) == (path, function):
                found.__code__ = code


def caches() -> "list[functools._lru_cache_wrapper[object]]":
    """What remembers results of our functions: a test that gets one does not call the function."""
    return [
        each
        for each in gc.get_objects()
        if isinstance(each, functools._lru_cache_wrapper) and str(each.__module__).startswith(OURS)
    ]


def _codes(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _codes(each)


def _import_anew(path: str, source: str) -> None:
    as_written = importlib.machinery.SourceFileLoader.get_code

    def get_code(loader: importlib.machinery.SourceFileLoader, name: str) -> CodeType | None:
        return compile(source, path, "exec") if loader.path == path else as_written(loader, name)

    importlib.machinery.SourceFileLoader.get_code = get_code  # type: ignore[method-assign]
    for name in [each for each in sys.modules if each.startswith(OURS)]:
        del sys.modules[name]
