"""What a paper says beside the words of a text, in each language it knows: labels of parts, names of languages, grades.

Owns: those few words, and which languages run from right to left.
Does not own: how they are set (text_pdf.py), the desk's sentences (desk/strings).
Always true: a language that is not here gets the number, the tag and the grade as the record writes them.
"""

from __future__ import annotations

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

_RTL: Final = ("ar", "fa", "he", "ur")


def is_rtl(tag: str) -> bool:
    """Say whether a language is written from right to left."""
    return tag.partition("-")[0] in _RTL


def label(level: str, number: str, language: str) -> str:
    """Give the label of a part in a language: "Article 3", "3.2", "(a)"; nothing for a heading."""
    if level == "article":
        return ARTICLES.get(language, "{}.").format(number)
    return f"({number})" if level == "point" else number
