"""How long a text is."""

from unicodedata import normalize

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.forms.characters import fits

# Letters that NFC joins, takes apart, or leaves alone.
_tricky = st.sampled_from("aå\u030a\u0301\u0323\u0958\ufb2c\u1100\u1161\u11a8\u0f73😀ế")


@settings(deadline=None)
@given(st.text(_tricky, max_size=25), st.integers(1, 40))
def test_a_text_fits_if_its_normal_form_does(text: str, longest: int) -> None:
    assert fits(text, longest) == (len(normalize("NFC", text)) <= longest)


def test_a_letter_with_more_marks_than_any_language_has_is_counted_as_it_stands() -> None:
    piled_up = "a\u0323" + "\u0301\u0323" * 16

    assert not fits(piled_up, len(piled_up) - 1)
    assert fits(piled_up, len(piled_up))
