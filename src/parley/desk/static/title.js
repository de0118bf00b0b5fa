// Keeps the number of messages that wait in the page's title, where a tab in the background shows it.
// @ts-check

export function keepTitle() {
  const update = () => {
    const total = Number(/** @type {HTMLElement|null} */ (document.querySelector(".rooms"))?.dataset.waiting ?? "0");
    const plain = document.title.replace(/^\(\d+\) /, "");
    document.title = total ? `(${total}) ${plain}` : plain;
  };
  document.addEventListener("parley:changed", update);
}
