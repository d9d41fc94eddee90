"""A program for an environment's own interpreter: import every module of our distributions.

Prints, as JSON, what the environment has: {distribution: number of modules}. A module that needs
what its distribution does not bring ends it with the error.
"""

import json
import pkgutil
import sys
from importlib import import_module
from importlib.metadata import distributions

found: dict[str, int] = {}
for each in distributions():
    if not each.name.startswith("lambda-durable"):
        continue
    package = import_module(each.name.replace("-", "_"))
    names = [
        module.name
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if module.name.rpartition(".")[2] != "__main__" and module.name not in sys.argv[1:]
    ]
    for name in names:
        import_module(name)
    found[each.name] = len(names)
print(json.dumps(found))
