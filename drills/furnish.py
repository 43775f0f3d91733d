"""Furnishes an empty database as the owner: the demo's city and people, and a few of its cases.

`python drills/furnish.py [AUTHORITY …]` files all the cases of these authorities besides. Later starts see that the
demo is loaded. The code of an older release runs this file, too.
"""

import sys
from collections.abc import Iterator
from typing import Any

import django

#: Ideas to the ministry, and residents’ parking permits with files: approved, asked back, refused.
A_FEW = slice(11, 15)


def main() -> None:
    django.setup()
    from hro_portal.demo import cases
    from hro_portal.stack import prepare

    whole = cases.read_json
    cases.read_json = lambda path: (demo := whole(path)) | {"cases": list(_wanted(demo["cases"]))}
    prepare.main()


def _wanted(all_of_them: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield from all_of_them[A_FEW]
    yield from (case for case in all_of_them if case["authority"] in sys.argv[1:])


if __name__ == "__main__":
    main()
