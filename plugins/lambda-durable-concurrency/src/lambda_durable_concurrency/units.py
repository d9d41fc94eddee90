"""What a batch is made of: the functions of `parallel`, the items of `map`, checked."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from lambda_durable.batches import NamedBranch
from lambda_durable.checks import checked_name
from lambda_durable.errors import InvalidInputError


class Unit(NamedTuple):
    """A function that one branch runs, what it gets after its context, and the branch's name."""

    func: Callable[..., Any]
    args: tuple[Any, ...] = ()
    name: str | None = None


class Branches:
    """The functions that `parallel` was given; an iterable is read when they are taken."""

    def __init__(
        self,
        branches: Mapping[str, Callable[..., Any]]
        | Iterable[Callable[..., Any] | NamedBranch[Any]],
    ) -> None:
        given: object = branches
        if isinstance(given, str | bytes) or not isinstance(given, Iterable):
            raise InvalidInputError(
                f"parallel takes an iterable of functions, or a mapping of names to functions, not "
                f"{given!r:.80}; several functions go into a list: parallel([f, g])"
            )
        self._branches = branches

    def take(self) -> list[Unit]:
        """Return them in order; raise InvalidInputError for what is no function, or named twice."""
        branches = self._branches
        given: Iterable[Any] = branches
        if isinstance(branches, Mapping):
            given = [NamedBranch(name, func) for name, func in branches.items()]
        units = [_branch(index, each) for index, each in enumerate(given)]
        names: dict[str, int] = {}
        for index, unit in enumerate(units):
            if unit.name is not None and names.setdefault(unit.name, index) != index:
                raise InvalidInputError(
                    f"branches {names[unit.name]} and {index} have the same name {unit.name!r}, "
                    "by which results are looked up; give each its own"
                )
        return units


class Items:
    """The items that `map` was given, and their function; an iterable is read when they are taken.

    The function gets the index too if it requires a third argument or has one named `index`.
    """

    def __init__(
        self, items: Iterable[Any], func: Callable[..., Any], namer: Callable[..., str] | None
    ) -> None:
        given: object = items
        if not isinstance(given, Iterable):
            way_out = ""
            if hasattr(given, "__aiter__"):
                way_out = "; collect an async one first: [item async for item in items]"
            raise InvalidInputError(f"map takes an iterable of items, not {given!r:.80}{way_out}")
        if namer is not None and not callable(namer):
            raise InvalidInputError(
                f"item_namer must be a function of (item, index), not {namer!r:.80}"
            )
        if namer is not None and not _accepts(namer, 2):
            raise InvalidInputError(
                f"item_namer is called with an item and its index, but is {_shown(namer)}"
            )
        self._items = items
        self._func = func
        self._namer = namer
        self._with_index = _takes_index(func)

    def take(self) -> list[Unit]:
        """Return a unit for each item, in order."""
        func, with_index, namer = self._func, self._with_index, self._namer
        return [
            Unit(
                func,
                (item, index) if with_index else (item,),
                None if namer is None else _named(namer, item, index),
            )
            for index, item in enumerate(self._items)
        ]


def _branch(index: int, given: Any) -> Unit:
    name, func = (given.name, given.func) if isinstance(given, NamedBranch) else (None, given)
    if not callable(func):
        if inspect.iscoroutine(func):
            func.close()
        raise InvalidInputError(
            f"branch {index} is not a function but {func!r:.80}; pass the function itself, which "
            "is then called with its context: parallel([f]), not parallel([f(ctx)])"
        )
    if not _accepts(func, 1):
        raise InvalidInputError(
            f"branch {index} is {_shown(func)}, but is called with one argument, its context"
        )
    if isinstance(given, NamedBranch) and name is None:
        raise InvalidInputError(f"branch {index} is a NamedBranch whose name is None")
    return Unit(func, name=checked_name(name))


def _named(namer: Callable[..., str], item: Any, index: int) -> str:
    name: Any = namer(item, index)
    if not isinstance(name, str):
        raise InvalidInputError(
            f"item_namer must return a string, not {name!r:.80} (for item {index})"
        )
    checked_name(name)
    return name


def _takes_index(func: Callable[..., Any]) -> bool:
    if not callable(func):
        raise InvalidInputError(f"map takes a function after its items, not {func!r:.80}")
    parameters = _parameters(func)
    positional = [
        each
        for each in parameters or ()
        if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)
    ]
    with_index = len(positional) > 2 and (
        positional[2].default is inspect.Parameter.empty or positional[2].name == "index"
    )
    if not _accepts(func, 3 if with_index else 2):
        raise InvalidInputError(
            f"the function of a map must take (context, item) or (context, item, index), but is "
            f"{_shown(func)}"
        )
    return with_index


def _accepts(func: Callable[..., Any], count: int) -> bool:
    """Return whether a function can be called with `count` arguments, as far as that is known."""
    try:
        signature = inspect.signature(func)
    except (TypeError, ValueError):  # some builtins do not say
        return True
    try:
        signature.bind(*[None] * count)
    except TypeError:
        return False
    return True


def _parameters(func: Callable[..., Any]) -> list[inspect.Parameter] | None:
    try:
        return list(inspect.signature(func).parameters.values())
    except (TypeError, ValueError):  # some builtins do not say
        return None


def _shown(func: Callable[..., Any]) -> str:
    name = getattr(func, "__qualname__", None) or repr(func)
    return f"{name}{inspect.signature(func)}"[:120]
