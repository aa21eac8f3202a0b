"""Names that sound alike are found together, whatever their vowels."""

from services.reconciliation.linkage.resemblance.sounds import sound


def test_a_first_vowel_counts_as_a_vowel_whichever_it_is() -> None:
    assert sound("elena") == sound("alina") != sound("lena")


def test_letters_that_sound_alike_are_one() -> None:
    assert sound("gonzalez") == sound("gonsales") != sound("gomez")


def test_a_vowel_behind_the_first_consonant_counts_for_nothing() -> None:
    assert sound("marin") == sound("merin") == sound("mrn")
