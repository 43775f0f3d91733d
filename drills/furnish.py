"""Furnishes an empty database as the owner: the demo's city and people, and a few of its cases.

`python drills/furnish.py`. Later starts see that the demo is loaded. The code of an older release runs this file, too.
"""

import django

#: Ideas to the ministry, and residents’ parking permits with files: approved, asked back, refused.
A_FEW = slice(11, 15)


def main() -> None:
    django.setup()
    from hro_portal.demo import cases
    from hro_portal.stack import prepare

    whole = cases.read_json
    cases.read_json = lambda path: (demo := whole(path)) | {"cases": demo["cases"][A_FEW]}
    prepare.main()


if __name__ == "__main__":
    main()
