// Labels a text by one key: 1 to 6 for a mood, 0 for what is not ours.
"use strict";
document.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || e.repeat || e.target.closest("input:not([type=checkbox]), select, textarea")) return;
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(e.code)?.[1] ?? e.key;
  const button = document.querySelector(`form.label button[data-key="${CSS.escape(digit)}"]`);
  if (!button) return;
  e.preventDefault();
  button.click();
});
