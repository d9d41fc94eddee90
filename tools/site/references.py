"""Says what annotations name, before Sphinx looks: it would guess among names that end alike."""

import builtins
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar, TypeVarTuple

from sphinx.addnodes import pending_xref, pending_xref_condition

from .public import link_target

if TYPE_CHECKING:
    from docutils.nodes import Node, document
    from sphinx.application import Sphinx


def settle(app: "Sphinx", doctree: "document") -> None:
    """Lead each reference to the documented name; leave builtins and type variables as text."""
    for node in list(doctree.findall(pending_xref)):
        if node.get("refdomain") != "py":
            continue
        target = node["reftarget"]
        found = link_target(target)
        if found is not None:
            node.attributes.update(reftarget=found, reftype="obj", refspecific=False)
        elif hasattr(builtins, target) or _is_type_variable(target):
            node.replace_self(_shown(node))


def _shown(node: pending_xref) -> "list[Node]":
    """Return what a reference shows once it is resolved."""
    choices = list(node.findall(pending_xref_condition))
    if not choices:
        return node.children
    resolved = [each for each in choices if each.get("condition") == "resolved"]
    return (resolved or choices)[0].children


def _is_type_variable(target: str) -> bool:
    module, _, name = target.rpartition(".")
    if not module.startswith("lambda_durable"):
        return False
    try:
        value = getattr(import_module(module), name, None)
    except ImportError:
        return False
    return isinstance(value, TypeVar | TypeVarTuple)
