"""Reading VAULT_KEYS."""

import base64

import pytest

from shared.vault.keys import VaultKeysMalformed, parse_vault_keys

NEW = base64.b64encode(b"n" * 32).decode()
OLD = base64.b64encode(b"o" * 32).decode()


def test_keys_are_read_newest_first():
    keys = parse_vault_keys(f"2026-02:{NEW}, 2026-01:{OLD}")
    assert [(key.kid, key.key) for key in keys] == [("2026-02", b"n" * 32), ("2026-01", b"o" * 32)]


def test_a_key_does_not_show_itself():
    [key] = parse_vault_keys(f"a:{NEW}")
    assert repr(key) == "VaultKey(kid='a')"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "entry 1 must read id:key"),
        (NEW, "entry 1 must read id:key"),
        (f"a:{NEW},", "entry 2 must read id:key"),
        (f":{NEW}", "entry 1 must read id:key"),
        (f"a b:{NEW}", "entry 1 must read id:key"),
        (f"é:{NEW}", "entry 1 must read id:key"),
        (f"{'a' * 33}:{NEW}", "entry 1 must read id:key"),
        (f"a:{NEW},b:{OLD[:-3]}!!=", "key of entry 2 is not base64"),
        (f"a:{NEW[:-1]}", "key of entry 1 is not base64"),
        ("a:clé", "key of entry 1 is not base64"),
        (f"a:{base64.b64encode(b'k' * 16).decode()}", "key of entry 1 must be 32 bytes"),
        (f"a:{base64.b64encode(b'k' * 33).decode()}", "key of entry 1 must be 32 bytes"),
        (f"a:{NEW},a:{OLD}", "two entries have the same id"),
    ],
)
def test_a_malformed_list_is_refused_in_one_line_that_shows_no_key(text, complaint):
    with pytest.raises(VaultKeysMalformed) as refused:
        parse_vault_keys(text)
    said = str(refused.value)
    assert said.startswith("VAULT_KEYS: ")
    assert complaint in said
    assert "\n" not in said
    assert not any(part and part in said for part in (NEW[:8], OLD[:8], "clé"))
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
