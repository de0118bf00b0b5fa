"""The verbs of saying and the few closed word lists that the rules know. Words alone; the rules are beside.

Owns: which form of which verb speaks plainly (said), promises or asks (agreed to), or only colours (stressed).
Source: written for this program; forms are those of ordinary news and communiqués.
"""

from __future__ import annotations

from typing import Final


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


PLAIN: Final = _words(
    "said says say told tells tell stated states added adds wrote replied reported announced explained remarked"
    " answered noted confirmed declared"
)
OTHER: Final = _words(
    "stressed stresses emphasized emphasised emphasizes underscored underlined underlines reiterated reiterates"
    " reaffirmed reaffirms affirmed warned warns insisted insists argued argues claimed claims acknowledged"
    " acknowledges admitted denied denies pointed suggested suggests proposed proposes raised conveyed expressed"
    " believes believed hoped hopes recalled recognised recognized urged urges called calls asked asks demanded demands"
    " pressed pressured"
    " agreed agrees pledged pledges promised promises vowed vows committed commits undertook requested requests"
    " welcomed welcomes condemned condemns criticised criticized rejected rejects opposed opposes discussed"
    " highlighted outlined described praised complained asserted maintained concluded observed cautioned"
)
# What these want after them: another party and an infinitive, or an infinitive, or a thing.
TO_ACT: Final = _words("agreed agrees pledged pledges promised promises vowed vows committed commits undertook")
ADDRESSED: Final = _words("told tells tell urged urges asked asks requested called calls pressed pressured")
ASKS: Final = _words("urged urges called calls asked asks demanded demands requested requests pressed pressured")
THINGS: Final = _words(
    "raised conveyed expressed welcomed welcomes condemned condemns criticised criticized rejected rejects opposed"
    " opposes discussed stressed emphasized emphasised underscored underlined reiterated reaffirmed highlighted"
    " outlined praised described"
)  # fmt: skip
NOT_SPEAKERS: Final = _words("it this that these those which there what as if when")
LEADING: Final = _words(
    "on in at after before during as for with following since while when meanwhile separately also however earlier"
    " later today yesterday turning regarding asked speaking referring citing through by"
)

CHINESE: Final = (
    "明确表示", "表示", "指出", "强调", "重申", "说明", "介绍", "阐述", "认为", "宣布", "承诺", "同意", "赞同", "要求",
    "敦促", "呼吁", "警告", "回应", "透露", "声明", "提出", "希望", "主张", "反对", "谴责", "告诉", "答复", "说", "称",
)  # fmt: skip
CHINESE_PLAIN: Final = frozenset(("明确表示", "表示", "指出", "说", "称", "宣布", "告诉", "答复", "回应"))
CHINESE_TAILS: Final = (
    "并",
    "还",
    "也",
    "再次",
    "进一步",
    "特别",
    "明确",
    "严正",
    "重点",
    "均",
    "都",
    "一致",
    "则",
    "又",
)

ARABIC: Final = (
    "قال", "قالت", "أكد", "أكدت", "أعلن", "أعلنت", "أضاف", "أضافت", "شدد", "شددت", "ذكر", "ذكرت", "أوضح", "أوضحت",
    "أشار", "أشارت", "صرح", "صرحت", "أعرب", "أعربت", "دعا", "دعت", "طالب", "طالبت", "حذر", "حذرت", "جدد", "جددت",
    "اتفق", "وافق", "وافقت", "تعهد", "تعهدت",
)  # fmt: skip
ARABIC_PLAIN: Final = frozenset(
    ("قال", "قالت", "أكد", "أكدت", "أعلن", "أعلنت", "أضاف", "أضافت", "صرح", "صرحت", "ذكر", "ذكرت")
)
