"""What stands in front of a portal: ends TLS with a certificate of its own, and tells the portal who came and how."""

import http.client
import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

#: Between two machines only; the next one writes its own.
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "server", "date"}


class TlsProxy:
    """Listens on two free ports of localhost, one with TLS and one without; a context manager."""

    def __init__(self, folder: Path) -> None:
        self.certificate = folder / "certificate.pem"
        key = folder / "key.pem"
        _make_certificate(self.certificate, key)
        self._target = 0
        self._servers = [ThreadingHTTPServer(("localhost", 0), self._handler(scheme)) for scheme in ("https", "http")]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self._servers[0].socket = context.wrap_socket(self._servers[0].socket, server_side=True)
        self.https_port, self.http_port = (server.server_port for server in self._servers)

    def forward_to(self, port: int) -> None:
        self._target = port

    def __enter__(self) -> Self:
        for server in self._servers:
            threading.Thread(target=server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def _handler(self, scheme: str) -> type[BaseHTTPRequestHandler]:
        proxy = self

        class Forward(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                proxy._forward(self, scheme)

            def do_OPTIONS(self) -> None:
                proxy._forward(self, scheme)

            def log_message(self, format: str, *args: Any) -> None: ...

        return Forward

    def _forward(self, came: BaseHTTPRequestHandler, scheme: str) -> None:
        portal = http.client.HTTPConnection("localhost", self._target, timeout=30)
        headers = {name: value for name, value in came.headers.items() if name.lower() not in HOP_BY_HOP}
        headers |= {
            "Host": f"localhost:{self.https_port}",
            "X-Forwarded-Proto": scheme,
            "X-Forwarded-For": str(came.client_address[0]),
        }
        portal.request(came.command, came.path, headers=headers)
        answer = portal.getresponse()
        body = answer.read()
        came.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP_BY_HOP | {"content-length"}:
                came.send_header(name, value)
        came.send_header("Content-Length", str(len(body)))
        came.end_headers()
        came.wfile.write(body)
        portal.close()


def _make_certificate(certificate: Path, key: Path) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
