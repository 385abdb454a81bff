"""Job tokens: the same for the same job, good for no other, under every listed secret."""

import base64

import pytest

from services.api.domain.job_token import Signing, SigningSecret, SigningSecretsMalformed, parse_signing_secrets

OLD, NEW = SigningSecret("old", b"o" * 32), SigningSecret("new", b"n" * 32)


def token(signing: Signing, job_id: str, secret_id: str) -> str:
    made = signing.token(job_id, secret_id)
    assert made is not None
    return made.reveal()


def test_a_token_is_derived_and_so_the_same_again() -> None:
    assert token(Signing([NEW]), "j1", "new") == token(Signing([NEW, OLD]), "j1", "new")
    assert token(Signing([NEW]), "j1", "new").startswith("mjt_")


def test_a_token_is_good_for_its_own_job_only() -> None:
    signing = Signing([NEW])
    assert signing.verifies("j1", token(signing, "j1", "new"))
    assert not signing.verifies("j2", token(signing, "j1", "new"))


def test_every_listed_secret_verifies_and_none_other() -> None:
    made = token(Signing([OLD]), "j1", "old")
    assert Signing([NEW, OLD]).verifies("j1", made)
    assert not Signing([NEW]).verifies("j1", made)
    assert Signing([NEW]).token("j1", "old") is None
    assert Signing([NEW, OLD]).newest == "new"


@pytest.mark.parametrize("text", ["", "mjt_", "mjt_é", "\ud800", "x" * 10_000])
def test_no_text_of_a_stranger_is_an_error(text: str) -> None:
    assert not Signing([NEW]).verifies("j1", text)


def encoded(size: int) -> str:
    return base64.b64encode(b"k" * size).decode()


def test_secrets_are_listed_newest_first() -> None:
    first, second = parse_signing_secrets(f"b:{encoded(32)}, a:{encoded(40)}")
    assert (first.id, second.id, second.key) == ("b", "a", b"k" * 40)


@pytest.mark.parametrize(
    "text", ["", "a", f":{encoded(32)}", "a:???", f"a:{encoded(31)}", f"a:{encoded(32)},a:{encoded(33)}"]
)
def test_malformed_secrets_are_refused_without_being_shown(text: str) -> None:
    with pytest.raises(SigningSecretsMalformed) as refused:
        parse_signing_secrets(text)
    assert encoded(32) not in str(refused.value)
    assert "SigningSecret(id='a')" in repr(SigningSecret("a", b"k" * 32))
