"""Signed files between authorities: who signed exactly these bytes, and whether anybody here knows them."""

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from django.core.management import CommandError, call_command

from foundation import sealing
from foundation.sealing import SealUnavailable, certificates, keys, peers
from foundation.sealing.checking import signer_in_child

CONTENT = b'{"form":"hundesteuer"}'


@pytest.fixture(autouse=True)
def rostock(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    sealing.create({"rostock": "Rostock"})
    return settings


def elsewhere(organisation="Hansestadt Wismar"):
    """A seal of another installation: its certificate, and a signature by it."""
    return certificates.seal(organisation, certificates.authority())


def signed_by(issued, settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "elsewhere"
    packed = pkcs12.serialize_key_and_certificates(
        b"seal", issued.key, issued.certificate, None, keys.serialization.NoEncryption()
    )
    sealing.install("wismar", packed, None)
    signature = sealing.sign_data(CONTENT, keyset="wismar")
    settings.KEYS_DIR = tmp_path / "keys"
    return signature


def test_signature_names_its_authority():
    pem = signer_in_child(CONTENT, sealing.sign_data(CONTENT, keyset="rostock"))
    signer = peers.known(pem)
    assert (signer.organisation, signer.peer, signer.is_valid_today) == ("Rostock", peers.HERE, True)


def test_changed_content_and_changed_signature_have_no_signer():
    signature = sealing.sign_data(CONTENT, keyset="rostock")
    assert signer_in_child(CONTENT.replace(b"hunde", b"katze"), signature) is None
    assert signer_in_child(CONTENT, signature[:-1] + bytes([signature[-1] ^ 1])) is None
    assert signer_in_child(CONTENT, b"") is None
    assert signer_in_child(CONTENT, b"\x30" * 3000) is None


def test_stranger_is_told_and_not_trusted_until_an_operator_says_so(rostock, tmp_path, capsys):
    wismar = elsewhere()
    pem = signer_in_child(CONTENT, signed_by(wismar, rostock, tmp_path))
    stranger = peers.known(pem)
    assert (stranger.organisation, stranger.peer) == ("Hansestadt Wismar", "")
    (tmp_path / "wismar.pem").write_bytes(wismar.certificate.public_bytes(Encoding.PEM))
    call_command("trust_authority", "wismar", str(tmp_path / "wismar.pem"))
    assert stranger.fingerprint in capsys.readouterr().out
    assert peers.known(pem).peer == "wismar"
    assert wismar.certificate.public_bytes(Encoding.PEM) not in keys.trusted(), "no document becomes ours by it"


def test_certificate_that_may_issue_others_is_refused(tmp_path):
    (tmp_path / "ca.pem").write_bytes(certificates.authority().certificate.public_bytes(Encoding.PEM))
    for name, file in (("wismar", "ca.pem"), ("../rostock", "ca.pem"), ("wismar", "missing.pem")):
        with pytest.raises(CommandError, match="kein Zertifikat eines Siegels"):
            call_command("trust_authority", name, str(tmp_path / file))


def test_without_its_key_nothing_is_signed():
    with pytest.raises(SealUnavailable):
        sealing.sign_data(CONTENT, keyset="schwerin")


def test_seals_of_an_authority_that_is_not_here_are_refused_by_name(city):
    with pytest.raises(CommandError, match=r"Diese Behörden gibt es nicht: rostok\."):
        call_command("create_seals", "rostock", "rostok")
