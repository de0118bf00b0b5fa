"""The words of a notification that leaves the desk: that something waits, and nothing of what it is.

Always true: 1. The text is made of our side's name, a channel's title, a kind, a precedence and a time; no other value
can get in, for there is no other argument.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from parley import limits


class Notice(NamedTuple):
    """What is sent."""

    title: str
    body: str


_WORDS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "call": "a call rings",
        "message": "a message waits to be acknowledged",
        "draft": "a draft waits for a second person",
        "stop": "an emergency stop waits to be taken",
        "stop-decision": "an emergency stop was taken: whoever decides is wanted",
        "line": "the line is down",
        "roll-call": "a roll-call waits for an answer",
        "incident": "an incident was reported",
        "channel": "channel",
        "since": "since",
        "look": "Look at the desk.",
        "exercise": "EXERCISE",
        "test": "TEST",
        "trial": "TEST of this way to reach you. Nothing waits.",
    },
    "ar": {
        "call": "مكالمة ترن",
        "message": "رسالة تنتظر الإقرار باستلامها",
        "draft": "مسودة تنتظر شخصًا ثانيًا",
        "stop": "إيقاف طارئ ينتظر من يتولاه",
        "stop-decision": "تولى أحدهم إيقافًا طارئًا: المطلوب صاحب القرار",
        "line": "الخط مقطوع",
        "roll-call": "نداء حضور ينتظر الرد",
        "incident": "أُبلغ عن حادث",
        "channel": "القناة",
        "since": "منذ",
        "look": "انظر إلى المكتب.",
        "exercise": "تمرين",
        "test": "اختبار",
        "trial": "اختبار لهذه الوسيلة للوصول إليك. لا شيء ينتظر.",
    },
    "zh": {
        "call": "有来电呼叫",
        "message": "有消息待确认",
        "draft": "有草稿待第二人处理",
        "stop": "有紧急叫停待受理",
        "stop-decision": "紧急叫停已受理：请决策人处理",
        "line": "专线中断",
        "roll-call": "有点名待应答",
        "incident": "有事件报告",
        "channel": "频道",
        "since": "始于",
        "look": "请查看席位。",
        "exercise": "演习",
        "test": "测试",
        "trial": "测试此通知渠道，并无待办事项。",
    },
}


def notice(
    *, side: str, language: str, kind: str, channel: str = "", precedence: str = "", status: str = "", since: str = ""
) -> Notice:
    """Give the text for something that waits.

    Args:
        side: Our name. channel: Its title, or "" where it is hidden or there is none. since: Moment text.
    """
    words = _of(language)
    mark = f"[{words[status]}] " if status in ("exercise", "test") else ""
    title = f"{mark}{side}: {words[kind]}"
    parts = [f"{words['channel']}: {channel[: limits.TITLE_CHARS_MAX]}" if channel else "", precedence]
    parts.append(f"{words['since']} {since[:10]} {since[11:16]}Z" if since else "")
    facts = " · ".join(part for part in parts if part)
    return Notice(title, f"{facts}\n{words['look']}" if facts else words["look"])


def trial(*, side: str, language: str, kind: str = "") -> Notice:
    """Give the text of a test; it says so in its first word and in its body."""
    words = _of(language)
    what = f" ({words[kind]})" if kind else ""
    return Notice(f"[{words['test']}] {side}{what}", words["trial"])


def _of(language: str) -> dict[str, str]:
    return _WORDS.get(language.partition("-")[0], _WORDS["en"])
