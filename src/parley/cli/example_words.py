"""The one example after public facts: what is publicly known of the meeting at Filoli on 15 November 2023, paraphrased.

Owns: the words. Nothing here is anybody's own sentence, and nobody in it exists but as "Example A" and "Example B":
what the public accounts of 15 and 16 November 2023 say is told again in our own words, each with where it stands.
Does not own: the order of acts (example_play.py).
"""

from __future__ import annotations

from typing import Final, NamedTuple

from parley.cli.demo_nodes import SideWords
from parley.cli.demo_steps import People

A: Final = SideWords(
    side="a", name="Example A (after public US accounts)", languages=("en", "zh-Hans"), illustration=True
)
B: Final = SideWords(
    side="b", name="Example B (after public Chinese accounts)", languages=("zh-Hans", "en"), illustration=True
)
# Nobody of these exists.
PEOPLE: Final[People] = {
    "a": (
        ("second-a", "Second drafter of A", "Drafter of this illustration", "duty-officer", ["en"]),
        ("drafter-a", "Drafter of A", "Drafter of this illustration", "principal", ["en"]),
    ),
    "b": (
        ("second-b", "Second drafter of B", "Drafter of this illustration", "duty-officer", ["zh-Hans", "en"]),
        ("drafter-b", "Drafter of B", "Drafter of this illustration", "principal", ["zh-Hans", "en"]),
    ),
}
DATE: Final = "2023-11-15"
TIME: Final = "2023-11-15T19:00Z"
TITLE: Final = "Meeting of the two presidents at the Filoli estate"
PLACE: Final = "Filoli estate near San Francisco"
HELD: Final = "Held on 15 November 2023, about four hours. The times in this record are those of the example's making."


# Where each capital's clocks stand, and days of that autumn on which its offices are closed.
DAYS: Final = {
    "a": ("America/New_York", {"2023-11-10": "Veterans Day (observed)", "2023-11-23": "Thanksgiving Day"}),
    "b": ("Asia/Shanghai", {"2023-10-01": "国庆节", "2024-01-01": "元旦"}),
}


# Who sat at the table, by office alone: nobody is named. Source: public accounts and pictures of 15 November 2023.
PRESENT: Final = {
    "a": (("The president", "Led the delegation"), ("The secretary of state", "Member of the delegation")),
    "b": (("国家主席", "代表团团长"), ("外交部长", "代表团成员")),
}


class Body(NamedTuple):
    """A standing body, with its channel."""

    channel: str
    title: str
    mandate: str
    level: str
    rhythm: str


BODIES: Final = (
    Body("military", "Military talks", "Talks between the armed forces, resumed at a high level after a break of more"
         " than a year. Source: both sides' accounts of 15 November 2023.", "ministers", "not stated in public"),
    Body("ai", "Government talks on artificial intelligence", "Talks between the two governments on the use and the"
         " risks of artificial intelligence. Source: both sides' accounts of 15 November 2023.", "officials",
         "not stated in public"),
    Body("narcotics", "Working group on counter-narcotics", "Joint work against narcotics and what they are made of."
         " Source: both sides' accounts of 15 November 2023.", "officials", "not stated in public"),
)  # fmt: skip

# What the American side said beforehand it meant to raise.
ANNOUNCED: Final = (
    "Tensions in the Taiwan Strait", "Human rights in Xinjiang", "North Korea's missile tests",
    "Russia's war against Ukraine", "The war between Israel and Hamas",
)  # fmt: skip
ANNOUNCED_NOTE: Final = "Announced beforehand by the American side, as the press told on 15 November 2023."
AGREED_ITEMS: Final = ("Contacts between the armed forces", "Artificial intelligence", "Counter-narcotics")


class Promise(NamedTuple):
    """What both are said to have agreed; who holds what view of it since which day, with where that stands."""

    channel: str
    what: str
    seen: str
    a_view: tuple[str, str, str]
    b_view: tuple[str, str, str]


PROMISES: Final = (
    Promise("leaders", "Either leader may pick up the phone directly and is heard at once.",
            "Calls are placed and answered.",
            ("under-way", "2024-04-02", "A call of the two leaders was told of in public by both."), ("", "", "")),
    Promise("military", "High-level talks between the armed forces are resumed.", "Ministers and commanders speak.",
            ("kept", "2024-04-16", "A call of the two defence ministers was told of in public by both."),
            ("kept-in-part", "2024-04-16",
             "The account on this side names a basis, equality and respect. Whether it is met is open.")),
    Promise("military", "Contacts between armed forces that work at sea and in the air are restored.",
            "The yearly consultation on safety at sea is held.",
            ("kept", "2024-04-04", "A consultation was told of in public."),
            ("kept", "2024-04-04", "A consultation was told of in public.")),
    Promise("ai", "The two governments talk about artificial intelligence.", "A first round is held.",
            ("kept", "2024-05-14", "A first round, in Geneva, was told of in public by both."),
            ("under-way", "2024-05-14", "A first round, in Geneva, was told of in public by both; it was to go on.")),
    Promise("narcotics", "A working group on counter-narcotics is set up.", "It meets.",
            ("kept", "2024-01-30", "It was told of in public as opened."),
            ("kept", "2024-01-30", "It was told of in public as opened.")),
)  # fmt: skip


class Told(NamedTuple):
    """One statement of an account: the sentence, the words in it, who is said to have said them, and the source."""

    topic: str
    sentence: str
    words: str
    who: str
    verb: str
    source: str


def _us(
    topic: str, words: str, more: str = "", *, who: str = "The US side", source: str = "White House account"
) -> Told:
    return Told(topic, f"{who} said that {words}{more}.", words, who, "said", source)


def _cn(topic: str, words: str) -> Told:
    return Told(topic, f"中方表示，{words}。", words, "中方", "表示", "中方公开通报")


_PRESS: Final = "a US official to reporters"
A_SAYS: Final = (
    _us("The meeting", "the two presidents met for about four hours"),
    _us("Military contacts", "contacts between the armed forces would be resumed", ", at a high level among others"),
    _us("Artificial intelligence", "both governments would hold talks on artificial intelligence"),
    _us("Counter-narcotics", "a working group on counter-narcotics would be set up"),
    _us("Direct contact of the leaders", "either leader could pick up the phone and would be heard at once",
        who="The US president", source="US press conference"),
    _us("Competition", "competition must not turn into conflict"),
    _us("Taiwan", "its policy on Taiwan had not changed and would not"),
    _us("Human rights", "it had raised human rights in Xinjiang, Tibet and Hong Kong"),
    _us("Middle East", "it had asked the Chinese side to speak to Iran",
        ", so that the war would not spread in the region", source=_PRESS),
    _us("Ukraine", "it had pressed the Chinese side about support for Russia's war", " against Ukraine", source=_PRESS),
)  # fmt: skip
B_SAYS: Final = (
    _cn("The meeting", "两国元首会晤约四小时"),
    _cn("Military contacts", "两军高层沟通将在平等和尊重的基础上恢复"),
    _cn("Artificial intelligence", "双方将建立人工智能政府间对话"),
    _cn("Counter-narcotics", "双方将成立禁毒合作工作组"),
    _cn("Competition", "中国无意取代美国，美国也不应打压中国"),
    _cn("Taiwan", "台湾问题在两国关系中最为重要，美方应停止售武，支持和平统一"),
    _cn("Export controls", "出口管制损害中方的正当利益，应当取消"),
)
# Topics of which both speak, and what people of both sides made of them.
PAIRS: Final = {
    "The meeting": "same", "Military contacts": "different", "Artificial intelligence": "same",
    "Counter-narcotics": "same", "Competition": "different", "Taiwan": "different",
}  # fmt: skip


def account(says: tuple[Told, ...]) -> str:
    """Give an account as it is drafted: each sentence with its source behind it, a paragraph each."""
    return "\n\n".join(f"{one.sentence} [{one.source}, {DATE}]" for one in says)


# A text for the tutorial: invented terms of reference, agreed by nobody. The first articles are agreed, the last stands
# in a bracket, for the reader to settle and to sign as a drafter.
TEXT_TITLE: Final = (
    "Terms of reference of the working group on counter-narcotics. Illustration from public sources; not made or signed"
    " by any government"
)
TEXT: Final = (
    (
        "The working group meets twice a year, in turn in either capital.",
        "工作组每年举行两次会议，轮流在两国首都举行。",
    ),
    ("Each side names one office that the other can reach on any day.",
     "双方各指定一个对方每天均可联系的机构。"),
    ("Each side answers a request of the other within ten days.",
     "一方应在十日内答复另一方的请求。"),
)  # fmt: skip
BRACKET: Final = "一方应在五日内答复另一方的请求。"  # what B wants in place of the last
