"""What a paper says beside the words of a text, in each language it knows: labels, names of languages, grades, status.

Owns: those few words, and which languages run from right to left.
Does not own: how they are set (text_pdf.py), the desk's sentences (desk/strings).
Always true: a language that is not here gets the number, the tag and the grade as the record writes them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

LANGUAGES: Final = {
    "ar": "العربية", "en": "English", "es": "Español", "fr": "Français", "ru": "Русский", "zh": "中文",
}  # fmt: skip
ARTICLES: Final = {
    "ar": "المادة {}", "en": "Article {}", "es": "Artículo {}", "fr": "Article {}", "ru": "Статья {}", "zh": "第{}条",
}  # fmt: skip
GRADES: Final = {
    "initialled": {
        "ar": "مؤشَّر بالأحرف الأولى", "en": "initialled", "es": "rubricado", "fr": "paraphé", "ru": "парафировано",
        "zh": "已草签",
    },
    "signed-ad-referendum": {
        "ar": "موقَّع بشرط الاستشارة", "en": "signed ad referendum", "es": "firmado ad referéndum",
        "fr": "signé ad referendum", "ru": "подписано ad referendum", "zh": "待核准签署",
    },
    "signed": {
        "ar": "موقَّع", "en": "signed", "es": "firmado", "fr": "signé", "ru": "подписано", "zh": "已签署",
    },
}  # fmt: skip

STATUSES: Final = {
    "exercise": {
        "ar": "تمرين", "en": "EXERCISE", "es": "EJERCICIO", "fr": "EXERCICE", "ru": "УЧЕНИЕ", "zh": "演习",
    },
    "test": {
        "ar": "اختبار", "en": "TEST", "es": "PRUEBA", "fr": "ESSAI", "ru": "ТЕСТ", "zh": "测试",
    },
}  # fmt: skip
ILLUSTRATION: Final = "Illustration from public sources; not made or signed by any government"

_RTL: Final = ("ar", "fa", "he", "ur")


def is_rtl(tag: str) -> bool:
    """Say whether a language is written from right to left."""
    return tag.partition("-")[0] in _RTL


def label(level: str, number: str, language: str) -> str:
    """Give the label of a part in a language: "Article 3", "3.2", "(a)"; nothing for a heading."""
    if level == "article":
        return ARTICLES.get(language, "{}.").format(number)
    return f"({number})" if level == "point" else number


def marks(statuses: Iterable[str], tags: Iterable[str]) -> list[tuple[str, str]]:
    """Give (language, word) by which a paper that is not actual is marked: in English, and in each of its languages."""
    languages = dict.fromkeys(("en", *(tag.partition("-")[0] for tag in tags)))
    return [
        (tag, STATUSES[status][tag])
        for status in sorted(set(statuses) & set(STATUSES)) for tag in languages if tag in STATUSES[status]
    ]  # fmt: skip
