"""Ids that are given out, and ids that follow from what they name."""

from shared.kernel.ids import derived_id, is_id, new_id


def test_a_new_id_is_an_id_of_ours() -> None:
    assert is_id(new_id())


def test_the_same_parts_give_the_same_id() -> None:
    assert derived_id("job", 1, "job.routed") == derived_id("job", 1, "job.routed")


def test_parts_do_not_run_together() -> None:
    assert derived_id("ab", "c") != derived_id("a", "bc")


def test_other_spellings_are_not_ids() -> None:
    good = new_id()
    for wrong in (good.upper(), good.replace("-", ""), f"{{{good}}}", "", "../" + good, good + "\n"):
        assert not is_id(wrong)
