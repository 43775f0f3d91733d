"""For health checks of containers: `python -m hro_portal.health.probe readyz web worker` ends with 0 on a 200.

Host and parts may be left out; each part that is named must not need attention.
"""

import http.client
import json
import sys


def main(page: str, host: str = "localhost", *parts: str, port: int = 8000) -> int:
    connection = http.client.HTTPConnection(host, port, timeout=4)
    try:
        connection.request("GET", f"/{page}", headers={"Host": "localhost"})
        response = connection.getresponse()
        if response.status != http.HTTPStatus.OK:
            return 1
        return 1 if parts and {*parts} & {*json.load(response)["needs_attention"]} else 0
    except (OSError, http.client.HTTPException, ValueError, KeyError):
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
