"""Which addresses a department's own program may have: people's answers are sent there (ASVS V1.3.6, V13.2.4)."""

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
#: Clouds keep secrets in these as well, beside link-local addresses; the city's own programs have others.
_CLOUDS = (ipaddress.ip_network("100.64.0.0/10"), ipaddress.ip_network("fc00::/7"))


def check_endpoint(url: str) -> None:
    """Refuses what is not `https://…`; the demo may talk to a program on its own machine without TLS.

    The city's programs live in its own network, so private IPv4 addresses are fine. What only the portal's machine can
    reach (itself, link-local addresses, where clouds keep their secrets) is not.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise ValidationError("Diese Adresse verstehen wir nicht. Prüfen Sie die Schreibweise.") from None
    if not host or parts.username or parts.password or parts.fragment:
        raise ValidationError("Geben Sie eine Adresse ohne Anmeldedaten und ohne # an.")
    if parts.scheme != "https" and not (settings.DEMO and parts.scheme == "http" and _is_here(host)):
        raise ValidationError("Die Adresse muss mit https:// beginnen.")
    if (address := _as_address(host)) and not may_be_asked(address):
        raise ValidationError("Diese Adresse liegt auf dem Rechner des Portals selbst. Das geht nicht.")


def resolve(parts: SplitResult) -> str:
    """The address to connect to. Checked and then used, so that a name cannot mean another one a moment later.

    Raises ValueError where one of the addresses of the name may not be asked, OSError where there is none.
    """
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)]
    if not all(may_be_asked(ipaddress.ip_address(one.partition("%")[0])) for one in found):
        raise ValueError("An address of this name may not be asked.")
    return found[0]


def may_be_asked(address: Address) -> bool:
    """Whether the portal may connect there; an IPv4 address that is dressed up as IPv6 is undressed first."""
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address.sixtofour or address
    if address.is_loopback:
        return settings.DEMO
    if any(address in network for network in _CLOUDS):
        return False
    return not (address.is_link_local or address.is_multicast or address.is_unspecified or address.is_reserved)


def _is_here(host: str) -> bool:
    address = _as_address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def _as_address(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
