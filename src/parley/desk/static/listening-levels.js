// How loud each voice is heard by what a desk listens to. Apart from the page, so that the thread of the sound knows it too.
// @ts-check

/** What a desk listens to: `wanted` "" is the floor; `under` is the floor's level under an interpreter; `inTurns` are sessions
 * of calls in turns; `interpreted` has the session and language of each microphone that somebody is at.
 * @typedef {{wanted: string, under: number, inTurns: string[], interpreted: {session: string, to: string}[]}} Listens */

export const SILENT = 0.0001; // what a microphone gives that is switched off: less than any room
export const SILENT_MS = 4000; // so long nobody at an open microphone gives no sound at all

/** @type {Listens} */
export const FLOOR = { wanted: "", under: 1, inTurns: [], interpreted: [] };

/** Gives how loud a voice is heard, 0 to 1. @param {Listens} listens @param {string} session @param {string} language of its
 * stream @returns {number} */
export function gainOf(listens, session, language) {
  const { wanted } = listens;
  if (listens.inTurns.includes(session) || language === wanted) return 1;
  if (language || !wanted) return 0;
  // The floor: in full while nobody is heard to interpret, so that nothing urgent is missed.
  return listens.interpreted.some((one) => one.session === session && one.to === wanted) ? listens.under : 1;
}
