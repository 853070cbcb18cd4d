"""Where does Python write HTML into which a value goes that isn't escaped? Read from the source.

What is marked safe (`SafeString`, `mark_safe`, the first argument of `format_html`) must be made of
literals, of what `escape` returned, of numbers for SVG, and of other such markup.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

SINKS = frozenset({"SafeString", "mark_safe"})
ESCAPES = frozenset({"escape", "conditional_escape"})
# What a value's type says of it: mypy sees to it that nothing else is given that type.
SAFE_TYPES = frozenset({"SafeString", "SvgNumber", "int"})
Function = ast.FunctionDef | ast.AsyncFunctionDef


def unescaped(source: str) -> list[str]:
    """Return `line: expression` of each value that gets into markup as it is."""
    return [f"{node.lineno}: {ast.unparse(node)}" for node in _Module(ast.parse(source)).found()]


@dataclass
class _Scope:
    """What is known in a function: names, and what they were given."""

    types: dict[str, str] = field(default_factory=dict)
    values: dict[str, list[ast.expr]] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)


class _Module:
    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.functions = [n for n in ast.walk(tree) if isinstance(n, Function)]
        self.scopes = {id(n): _scope(n) for n in self.functions}
        self.top = _scope(tree)
        self.fields: dict[str, set[str]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                for one in node.body:
                    if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
                        self.fields.setdefault(one.target.id, set()).add(
                            ast.unparse(one.annotation)
                        )
        self.bad: dict[int, ast.expr] = {}
        self.asked: set[int] = set()

    def found(self) -> Iterator[ast.expr]:
        for function in (*self.functions, None):
            scope = self.scopes[id(function)] if function else self.top
            for node in _own_nodes(function or self.tree):
                if isinstance(node, ast.Call) and (value := _marked(node)) is not None:
                    self._look(value, scope)
        yield from sorted(self.bad.values(), key=lambda node: (node.lineno, node.col_offset))

    def _look(self, node: ast.expr, scope: _Scope) -> None:
        """Note what is unsafe in an expression."""
        match node:
            case ast.Constant() | ast.UnaryOp(operand=ast.Constant()):
                pass
            case ast.JoinedStr(values=parts) | ast.BoolOp(values=parts) | ast.Tuple(elts=parts):
                for part in parts:
                    self._look(part, scope)
            case ast.FormattedValue(value=value):
                self._look(value, scope)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                self._look(left, scope)
                self._look(right, scope)
            case ast.IfExp(body=body, orelse=other):
                self._look(body, scope)
                self._look(other, scope)
            case ast.GeneratorExp(elt=element) | ast.ListComp(elt=element):
                self._look(element, scope)
            case ast.Call():
                self._look_at_call(node, scope)
            case ast.Name(id=name):
                self._look_at_name(node, name, scope)
            case ast.Attribute(attr=name) if self.fields.get(name, {""}) <= SAFE_TYPES:
                pass
            case _:
                self.bad[id(node)] = node

    def _look_at_call(self, node: ast.Call, scope: _Scope) -> None:
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="join"), args=[parts]):
                self._look(parts, scope)
            case ast.Call(func=ast.Attribute(attr="__html__"), args=[]):
                pass
            case ast.Call(func=ast.Name(id="map"), args=[ast.Name(id=name), *_]):
                self._look_at_function(node, name)
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                if name not in ESCAPES and name != "format_html" and _marked(node) is None:
                    self._look_at_function(node, name)
            case _:
                self.bad[id(node)] = node

    def _look_at_function(self, call: ast.Call, name: str) -> None:
        """One of the module's own: it says that it returns markup, or its returns are looked at."""
        functions = [function for function in self.functions if function.name == name]
        if not functions:
            self.bad[id(call)] = call
        for function in functions:
            if id(function) not in self.asked and _type(function.returns) not in SAFE_TYPES:
                self.asked.add(id(function))
                for node in _own_nodes(function):
                    if isinstance(node, ast.Return) and node.value is not None:
                        self._look(node.value, self.scopes[id(function)])

    def _look_at_name(self, node: ast.expr, name: str, scope: _Scope) -> None:
        if scope.types.get(name) in SAFE_TYPES or name.isupper():
            return
        if scope.types.get(name) in ("Iterable[SafeString]", "Sequence[SafeString]"):
            return
        values = scope.values.get(name, [])
        if name in scope.unknown or not values:
            self.bad[id(node)] = node
        for value in values:
            # A text that grows is given itself.
            if id(value) not in self.asked:
                self.asked.add(id(value))
                self._look(value, scope)


def _scope(owner: Function | ast.Module) -> _Scope:
    scope = _Scope()
    if isinstance(owner, Function):
        for each in (*owner.args.posonlyargs, *owner.args.args, *owner.args.kwonlyargs):
            scope.types[each.arg] = _type(each.annotation)
            scope.unknown.add(each.arg)
    for node in _own_nodes(owner):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                scope.values.setdefault(name, []).append(value)
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)) if len(
                names
            ) == len(values):
                for target, value in zip(names, values, strict=True):
                    if isinstance(target, ast.Name):
                        scope.values.setdefault(target.id, []).append(value)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                scope.values.setdefault(name, []).append(value)
            case ast.AugAssign(target=ast.Name(id=name), value=value):
                scope.values.setdefault(name, []).append(value)
            case ast.Assign(targets=targets):
                scope.unknown |= {n.id for t in targets for n in ast.walk(t) if _is_name(n)}
            case ast.For(target=target) | ast.comprehension(target=target):
                scope.unknown |= {n.id for n in ast.walk(target) if _is_name(n)}
            case ast.NamedExpr(target=target):
                scope.unknown.add(target.id)
            case _:
                pass
    return scope


def _own_nodes(owner: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function but for those of functions within it."""
    for child in ast.iter_child_nodes(owner):
        if not isinstance(child, Function):
            yield child
            yield from _own_nodes(child)


def _marked(call: ast.Call) -> ast.expr | None:
    """Return what a call takes for markup as it is."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return call.args[0] if call.args and name in {*SINKS, "format_html"} else None


def _type(annotation: ast.expr | None) -> str:
    return ast.unparse(annotation) if annotation is not None else ""


def _is_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Name)
