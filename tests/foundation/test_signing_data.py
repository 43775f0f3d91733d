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


@pytest.mark.parametrize("how", ["issued here", "imported"])
def test_holder_of_a_seal_signs_nothing_as_an_authority_of_this_place(rostock, tmp_path, how):
    """A certificate that was made with the key of a seal is a stranger's, whatever name stands in it."""
    holder = certificates.unpack(keys.read("rostock")[0], None) if how == "issued here" else elsewhere("Schwerin")
    if how == "imported":
        sealing.trust(holder.certificate.public_bytes(Encoding.PEM))
        assert known_signer(holder, rostock, tmp_path).peer == peers.HERE
    forged = known_signer(certificates.seal("Rostock", holder), rostock, tmp_path)
    assert (forged.organisation, forged.peer) == ("Rostock", "")


def known_signer(issued, settings, tmp_path):
    return peers.known(signer_in_child(CONTENT, signed_by(issued, settings, tmp_path)))


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


def test_operator_is_told_why_a_certificate_that_issues_others_is_no_seal(city, rostock, tmp_path, monkeypatch):
    monkeypatch.setattr("authorities.management.commands.install_seal.getpass", lambda _: "")
    maker = certificates.authority()
    packed = pkcs12.serialize_key_and_certificates(
        b"seal", maker.key, maker.certificate, None, keys.serialization.NoEncryption()
    )
    (tmp_path / "rostock.p12").write_bytes(packed)
    with pytest.raises(CommandError, match=r"lassen sich andere ausstellen, in jedem Namen\. Lassen Sie sich eines"):
        call_command("install_seal", "rostock", str(tmp_path / "rostock.p12"))
