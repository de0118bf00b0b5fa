"""What comes of two facts about one notice that crossed, as the words of crossed.py. Its giving is in every past."""

from __future__ import annotations

from typing import Final

# One side writes the forms, the other reads them: an acknowledgement holds for the form it names.
_FORMS: Final = ("notice.amended", "notice.extended", "notice.cancelled", "notice.ended")
PAIRS: Final[dict[tuple[str, str], str]] = {
    **{(one, other): "one-writer" for number, one in enumerate(_FORMS) for other in _FORMS[number:]},
    **{(one, "notice.acknowledged"): "named-only" for one in _FORMS},
    ("notice.acknowledged", "notice.acknowledged"): "one-writer",
}
