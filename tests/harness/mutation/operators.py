"""Small changes of a source file, each of which a test should notice."""

import ast
from collections.abc import Iterator
from typing import NamedTuple


class Mutant(NamedTuple):
    """One change: where it is, in words, and the whole source with it."""

    line: int
    what: str
    source: str
    function: str | None
    """The qualified name of the outermost function whose body it is in; None outside of any."""


_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_CALLED = {"any": "all", "all": "any", "min": "max", "max": "min"}


class Place(NamedTuple):
    """Where a source can be changed: which of its nodes, as ``ast.walk`` counts them, and how."""

    node: int
    how: str


def places(source: str) -> list[Place]:
    """Every change of a source that can be made, in the order of its lines; annotations and messages stay."""
    tree = ast.parse(source)
    skipped = _skipped(tree)
    found = [
        (getattr(node, "lineno", 0), getattr(node, "col_offset", 0), how, at)
        for at, node in enumerate(ast.walk(tree))
        if id(node) not in skipped
        for how in _changes(node)
    ]
    return [Place(at, how) for _, _, how, at in sorted(found)]


def mutant(source: str, place: Place) -> Mutant:
    """The source with that one change."""
    tree = ast.parse(source)
    node = list(ast.walk(tree))[place.node]
    line = getattr(node, "lineno", 0)
    function = dict(_function_of_each(tree.body)).get(id(node))
    before = ast.unparse(node).splitlines()[0]
    _apply(node, place.how)
    after = ast.unparse(node).splitlines()[0]
    return Mutant(line, f"{before[:90]}  ->  {after[:90]}", ast.unparse(tree), function)


def _function_of_each(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[int, str]]:
    """Each node in the body of a function, by its id, with that function's qualified name."""
    for each in body:
        if isinstance(each, ast.ClassDef):
            yield from _function_of_each(each.body, f"{prefix}{each.name}.")
        elif isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for statement in each.body:
                for node in ast.walk(statement):
                    yield id(node), f"{prefix}{each.name}"


def _skipped(tree: ast.AST) -> set[int]:
    """Parts that say nothing about behaviour: docstrings, annotations, raised messages, log calls, decorators."""
    skipped: set[int] = set()
    for node in ast.walk(tree):
        parts: list[ast.AST | None] = []
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            parts += [node.returns, *node.decorator_list]
            parts += [
                argument.annotation for argument in ast.walk(node.args) if isinstance(argument, ast.arg)
            ]
        if isinstance(node, ast.AnnAssign):
            parts.append(node.annotation)
        if isinstance(node, ast.Raise):
            parts.append(node)
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and _is_regex(node.value):
            parts.append(node)
        for part in parts:
            skipped |= {id(each) for each in ast.walk(part)} if part is not None else set()
    return skipped


def _is_regex(value: ast.AST | None) -> bool:
    return isinstance(value, ast.Call) and ast.unparse(value.func) == "re.compile"


def _changes(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPARED:
        return ["comparison"]
    if isinstance(node, ast.BoolOp):
        return ["and/or", "first operand only"]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return ["not"]
    if isinstance(node, ast.IfExp):
        return ["branches swapped"]
    if isinstance(node, ast.If):
        return ["never"]
    if (
        isinstance(node, ast.Return)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, bool)
    ):
        return ["boolean"]
    if isinstance(node, ast.Constant) and type(node.value) is int and node.value < 10_000:
        return ["one more"]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CALLED:
        return ["any/all, min/max"]
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        return ["plus/minus"] if not isinstance(node.left, (ast.JoinedStr, ast.Constant)) else []
    if isinstance(node, ast.Continue):
        return ["pass"]
    return []


def _apply(node: ast.AST, what: str) -> None:
    match node:
        case ast.Compare():
            node.ops = [_COMPARED[type(node.ops[0])]()]
        case ast.BoolOp() if what == "and/or":
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        case ast.BoolOp():
            node.values = node.values[:1]
        case ast.UnaryOp():
            node.op, node.operand = ast.Not(), ast.UnaryOp(ast.Not(), node.operand)
        case ast.IfExp():
            node.body, node.orelse = node.orelse, node.body
        case ast.If():
            node.test = ast.Constant(False)
        case ast.Return():
            node.value = ast.Constant(not node.value.value)  # type: ignore[union-attr]
        case ast.Constant():
            node.value += 1  # type: ignore[operator]
        case ast.Call():
            node.func = ast.Name(_CALLED[node.func.id], ast.Load())  # type: ignore[attr-defined]
        case ast.BinOp():
            node.op = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
        case ast.Continue():
            node.__class__ = ast.Pass
