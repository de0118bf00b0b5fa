// On a wide screen the side is always open; on a narrow one it folds away. Without script it opens by hand.
// @ts-check

export function keepSideOpen() {
  const side = /** @type {HTMLDetailsElement|null} */ (document.querySelector(".side-fold"));
  const wide = matchMedia("(min-width: 60rem)");
  const follow = () => {
    if (side) side.open = wide.matches;
  };
  wide.addEventListener("change", follow);
  follow();
  for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("[data-select]")))
    field.addEventListener("focus", () => field.select());
}
