"""For health checks of containers: `python -m hro_portal.health.probe healthz [host]` ends with 0 on a 200."""

import http.client
import sys


def main(page: str, host: str = "localhost") -> int:
    connection = http.client.HTTPConnection(host, 8000, timeout=4)
    try:
        connection.request("GET", f"/{page}", headers={"Host": "localhost"})
        return 0 if connection.getresponse().status == http.HTTPStatus.OK else 1
    except (OSError, http.client.HTTPException):
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
