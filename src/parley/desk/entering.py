"""Coming in and who may: passkeys, links and sessions, from the actions on a real node. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Mapping

from parley.actions import legal_names, passkeys, people
from parley.desk import shown
from parley.desk.reading import DESK, Reading, asker


class Entering(Reading):
    """The part of the desk's port that is about proof of who somebody is."""

    def link_signs_in(self, token: str) -> bool:
        """Say whether this link may sign in, or only enrol a passkey."""
        return passkeys.link_signs_in(self._node, token)

    def sign_in_challenge(self, origin: str) -> Mapping[str, object]:
        """Give what a browser needs to sign somebody in."""
        return passkeys.sign_in_challenge(self._node, passkeys.Place(origin))

    async def sign_in(self, origin: str, given: str, instead: str) -> shown.Session:
        """Sign in with a passkey; the session `instead` ends."""
        place = passkeys.Place(origin)
        session = await passkeys.sign_in(self._node, place, given, desk=DESK, instead=instead)
        return shown.Session(secret=session.token, lasts_s=passkeys.lasts_s(self._node, session))

    def enrol_challenge(self, origin: str, token: str, who: shown.Person | None) -> Mapping[str, object]:
        """Give what a browser needs to make a passkey, by a link or for somebody signed in."""
        place = passkeys.Place(origin)
        return passkeys.enrol_challenge(self._node, place, token=token, who=asker(who) if who else None)

    async def enrol(self, origin: str, form: Mapping[str, str], who: shown.Person | None) -> None:
        """Store a new passkey."""
        await passkeys.enrol(
            self._node, passkeys.Place(origin), form.get("given", ""), form.get("name", ""),
            token="" if who else form.get("token", ""), who=asker(who) if who else None, proof=form.get("proof", ""),
        )  # fmt: skip

    def access(self, who: shown.Person, person: str) -> shown.AccessShown:
        """Give the passkeys, sessions and latest notes of somebody."""
        known = asker(who)
        name = people.person_name(self._node, self.sides.ours, person)[0]
        return shown.AccessShown(
            person=person,
            name=name,
            passkeys=tuple(
                shown.PasskeyShown(
                    id=one.id, name=one.name, made_at=one.made_at, used_at=one.used_at, backed_up=one.backed_up,
                    digest=one.digest,
                )
                for one in passkeys.list_passkeys(self._node, known, person)
            ),
            sessions=tuple(
                shown.SessionShown(
                    id=one.id, door=one.desk, made_at=one.made_at, used_at=one.used_at, ends_at=one.ends_at,
                    this=one.this,
                )
                for one in passkeys.list_sessions(self._node, known, person)
            ),
            notes=tuple(
                shown.NoteShown(at=one.at, by=self._name(one.by, True) if one.by else "", deed=one.deed, name=one.name)
                for one in passkeys.list_audit(self._node, known, person)
            ),
        )  # fmt: skip

    def again_challenge(self, who: shown.Person, origin: str) -> Mapping[str, object]:
        """Give what is signed before a passkey is removed or a session ended."""
        return passkeys.again_challenge(self._node, asker(who), passkeys.Place(origin))

    async def remove_passkey(self, who: shown.Person, origin: str, person: str, passkey: str, proof: str) -> None:
        """Remove a passkey."""
        place = passkeys.Place(origin)
        await passkeys.remove_passkey(self._node, asker(who), place, person, passkey, proof=proof)

    async def end_sessions(self, who: shown.Person, origin: str, person: str, session: str, proof: str) -> None:
        """End a session, or all others ("")."""
        place = passkeys.Place(origin)
        await passkeys.end_sessions(self._node, asker(who), place, person, session, proof=proof)

    async def commit_legal_name(self, who: shown.Person, person: str, name: str) -> None:
        """Keep somebody's name by law and commit to it in the roster."""
        await legal_names.commit_legal_name(self._node, asker(who), person, name.strip())

    def legal_name(self, who: shown.Person, person: str) -> str:
        """Give the file that discloses it."""
        return legal_names.legal_name(self._node, asker(who), person).disclosure

    async def forget_legal_name(self, who: shown.Person, person: str) -> None:
        """Destroy it."""
        await legal_names.forget_legal_name(self._node, asker(who), person)
