"""The public types: nothing that a user can import may have a type that pyright cannot know.

`python -m tools.public_types` asks `pyright --verifytypes`. What it calls ambiguous (an attribute
that takes its type from an annotated parameter) passes; what it calls unknown does not.
"""

import json
import subprocess
import sys
from typing import Any

from tools.distributions import discover


def unknown(report: dict[str, Any]) -> list[str]:
    """Return the names of unknown type in a report of `pyright --verifytypes --outputjson`."""
    return [
        each["name"]
        for each in report["typeCompleteness"]["symbols"]
        if each["isExported"] and not each["isTypeKnown"] and not each["isTypeAmbiguous"]
    ]


def main() -> int:
    """Check every distribution's import package; return 1 if a type is unknown."""
    failed = False
    for name in [each.import_name for each in discover() if (each.package / "py.typed").exists()]:
        command = ["pyright", "--verifytypes", name, "--ignoreexternal", "--outputjson"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        report = json.loads(done.stdout)
        if "typeCompleteness" not in report:
            print(f"{name}: {report}")
            failed = True
            continue
        names = unknown(report)
        counts = report["typeCompleteness"]["exportedSymbolCounts"]
        print(f"{name}: {counts['withKnownType']} public types known, {len(names)} unknown")
        for each in names:
            print(f"  {each}")
        failed = failed or bool(names)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
