// One line of real-time text as it is shown: whose it is, then the words, each in its own direction. Text nodes only.
// @ts-check

/** @typedef {{session: string, stream: number, ours: boolean, name: string, text: string|null}} Told */

/** The words of a template element. @param {string} id @returns {DOMStringMap} */
export function wordsOf(id) {
  return document.getElementById(id)?.dataset ?? {};
}

/** Shows what a writer has in the line; "" takes the line away. @param {HTMLElement} list @param {Told} told
 * @param {string|null} text @param {HTMLElement} [into] */
export function showWriter(list, told, text, into) {
  const id = `text-${told.session}-${told.stream}`;
  const item = into ?? document.getElementById(id) ?? document.createElement("li");
  if (!text) {
    item.remove();
    return;
  }
  if (!into) item.id = id;
  item.dataset.ours = told.ours ? "1" : "";
  const [name, words] = [document.createElement("b"), document.createElement("bdi")];
  const who = document.createElement("bdi");
  who.textContent = told.name;
  name.append(who);
  words.dir = "auto";
  words.textContent = text;
  item.replaceChildren(name, ": ", words);
  if (!item.isConnected) list.append(item);
}
