"""Who on our side may read, write and release; their accounts, keys and drafts. Private: nothing here crosses the line.

Everything is a plain function over values that lie in the spaces `private.…`; randomness and time are handed in, rows
to store are handed back. Reasons: DESIGN.md beside this file.
"""

from parley.people.accounts import Account
from parley.people.drafts import Alone, Draft
from parley.people.kept import Values
from parley.people.keys import Key, Made, Proven
from parley.people.rights import EVERY_CHANNEL, RIGHTS, ROLES, may, need, rights_of

__all__ = [
    "EVERY_CHANNEL",
    "RIGHTS",
    "ROLES",
    "Account",
    "Alone",
    "Draft",
    "Key",
    "Made",
    "Proven",
    "Values",
    "may",
    "need",
    "rights_of",
]
