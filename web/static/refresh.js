// Brings the page up to date every 15 seconds while it is looked at. Open
// details stay open, the focus stays where it is, and nothing moves while text
// is selected, a control of a form has the focus or was changed.
"use strict";
const every = 15000;
const links = () => [...document.querySelectorAll("#main a, #main summary, #main [tabindex]")];
const changed = (e) => e.type === "checkbox" ? e.checked !== e.defaultChecked : e.tagName === "SELECT"
  ? e.selectedIndex !== Math.max(0, [...e.options].findIndex((o) => o.defaultSelected)) : e.value !== e.defaultValue;
const busy = () => document.hidden || !getSelection().isCollapsed || document.activeElement?.closest("form")
  || document.querySelector("#main[data-still]") || [...document.querySelectorAll("#main :is(input, select, textarea)")].some(changed);

async function refresh() {
  if (busy()) return;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.redirected) return location.reload();
    const next = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("main");
    const old = document.getElementById("main");
    if (!next || !old || busy()) return;
    const open = [...old.querySelectorAll("details")].map((d) => d.open);
    const focus = links().indexOf(document.activeElement);
    old.replaceWith(next);
    next.querySelectorAll("details").forEach((d, i) => (d.open = open[i] || false));
    if (focus >= 0) links()[focus]?.focus({ preventScroll: true });
  } catch {
    // The server is away for now; the next turn tries again.
  }
}
setInterval(refresh, every);
