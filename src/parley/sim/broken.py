"""Deliberately broken builds: each breaks one rule that matters, and the checkers must catch every one.

Owns: the table of them, and the trouble in which each shows soon. docs/track-record.md has the seed for each.
Does not own: how a rule is broken (spoiling.py), the search for those seeds (hunt.py).
Always true: a broken build lives in these two files only; nothing outside sim/ imports them (tests/test_layout.py).
"""

from __future__ import annotations

from typing import Final

from parley.sim.build import Build
from parley.sim.spoiling import (
    believes_a_backdated_past,
    commits_before_it_keeps,
    cosigns_by_a_clock_that_runs_back,
    counts_a_nonce_twice,
    forgets_a_name_too_soon,
    jams_on_an_unreadable_leaf,
    judges_by_today,
    keeps_its_log,
    never_waits,
    receipt_without_a_copy,
    resumes_one_too_far,
    says_before_stored,
    shrugs_at_a_failed_commit,
    skips_the_root,
    takes_a_repeat_for_new,
    takes_any_signature,
    takes_newer_rules_for_its_own,
    tells_what_is_private,
    urgent_by_one_link,
)
from parley.sim.trouble import Plan


def _restored() -> Plan:
    return Plan(restore=1.0, restore_again=0.5)


def _both_restored() -> Plan:
    return Plan(restore=1.0, restore_both=1.0)


BROKEN: Final[tuple[Build, ...]] = (
    Build(
        name="ack-before-fsync",
        story="the disk confirms before the platter has it",
        promise=2,
        early_disk=True,
    ),
    Build(
        name="say-before-stored",
        story="an entry leaves in the same breath as its commit",
        promise=2,
        spoil=says_before_stored,
    ),
    Build(
        name="shrug-at-failed-commit",
        story="a failed commit counts as done",
        promise=2,
        spoil=shrugs_at_a_failed_commit,
    ),
    Build(
        name="receipt-without-copy",
        story="an entry sent ahead, receipted, and lost with its disk",
        promise=2,
        spoil=receipt_without_a_copy,
    ),
    Build(
        name="skip-root-check",
        story="leaves are stored unproven",
        promise=5,
        both=False,
        spoil=skips_the_root,
        plan=lambda: Plan(hostile="forge"),
    ),
    Build(
        name="repeat-as-new",
        story="a run held already is taken for new",
        promise=5,
        lies=True,
        spoil=takes_a_repeat_for_new,
    ),
    Build(
        name="resume-off-by-one",
        story="after a cut one entry is left out",
        promise=3,
        around=resumes_one_too_far,
        plan=lambda: Plan(heal_s=15.0),
    ),
    Build(
        name="sign-before-catching-up",
        story="a restored node signs at once",
        promise=5,
        lies=True,
        spoil=never_waits,
        plan=_restored,
    ),
    Build(
        name="believe-lying-tail",
        story="the log goes on where a liar says it stopped",
        promise=5,
        both=False,
        lies=True,
        spoil=keeps_its_log,
        plan=lambda: Plan(hostile="tail", restore=1.0),
    ),
    Build(
        name="both-restored-go-on",
        story="two restored nodes agree on a tail both have lost",
        promise=5,
        lies=True,
        spoil=keeps_its_log,
        plan=_both_restored,
    ),
    Build(
        name="unreadable-jams",
        story="a leaf that is no entry stops intake",
        promise=7,
        both=False,
        spoil=jams_on_an_unreadable_leaf,
        plan=lambda: Plan(hostile="speech"),
    ),
    Build(
        name="backdated-past",
        story="an entry may forget what its author had seen",
        promise=6,
        both=False,
        spoil=believes_a_backdated_past,
        plan=lambda: Plan(hostile="speech"),
    ),
    Build(
        name="judge-by-today",
        story="a roster revocation that crossed an act decides over it",
        promise=6,
        spoil=judges_by_today,
    ),
    Build(
        name="any-signature",
        story="a person's signature is taken unverified",
        promise=6,
        both=False,
        spoil=takes_any_signature,
        plan=lambda: Plan(hostile="speech"),
    ),
    Build(
        name="nonce-twice",
        story="an assertion that counted counts again",
        promise=6,
        both=False,
        spoil=counts_a_nonce_twice,
        plan=lambda: Plan(hostile="speech"),
    ),
    Build(
        name="mixed-rules",
        story="an entry of later rules is judged by old ones",
        promise=6,
        both=False,
        spoil=takes_newer_rules_for_its_own,
        plan=lambda: Plan(hostile="speech"),
    ),
    Build(
        name="urgent-by-one-link",
        story="FLASH goes by the best link only",
        promise=8,
        spoil=urgent_by_one_link,
        plan=lambda: Plan(cuts=(24, 30), stalls=(0, 0), blackouts=(0, 0)),
    ),
    Build(
        name="cosignature-time-back",
        story="a cosignature may state an earlier time than the one before",
        promise=5,
        spoil=cosigns_by_a_clock_that_runs_back,
        plan=lambda: Plan(clock_jumps=(4, 6)),
    ),
    Build(
        name="digest-before-name",
        story="the roster commits to a name by law that nobody has kept yet",
        promise=2,
        around=commits_before_it_keeps,
    ),
    Build(
        name="name-gone-too-soon",
        story="a name by law written anew takes the one before away at once",
        promise=3,
        around=forgets_a_name_too_soon,
        plan=lambda: Plan(disk_faults=(8, 12), wishes_per_s=5.0, restore=0.0),
    ),
    Build(
        name="name-told",
        story="the roster says what should stay at home",
        promise=9,
        spoil=tells_what_is_private,
    ),
)

FORKING: Final = Build(name="forking", story="the liar that forks its own history", lies=True, spoil=never_waits)
