// Words chosen in an account with the mouse, or by the keyboard's own selection, stand in the form that draws a statement.
// @ts-check

/** Follow what is selected in the account. */
export function keepDrawing() {
  const account = document.querySelector("[data-account]");
  const field = /** @type {HTMLTextAreaElement | null} */ (document.querySelector("[data-drawn]"));
  if (account === null || field === null) return;
  document.addEventListener("selectionchange", () => {
    const chosen = document.getSelection();
    if (chosen === null || chosen.isCollapsed || !account.contains(chosen.anchorNode)) return;
    if (!account.contains(chosen.focusNode)) return;
    const fold = field.closest("details");
    if (fold !== null) fold.open = true;
    field.value = chosen.toString().trim();
  });
}
