// Brings the page up to date every 15 seconds while it is looked at, or, where
// desk.js follows changes, once a minute besides. Open details stay open, the
// focus stays where it is, and nothing moves while text is selected, a control of
// a form has the focus or was changed.
"use strict";
const every = 15000;
const links = () => [...document.querySelectorAll("#main a, #main summary, #main [tabindex], #main button")];
const changed = (e) => e.type === "checkbox" ? e.checked !== e.defaultChecked : e.tagName === "SELECT"
  ? e.selectedIndex !== Math.max(0, [...e.options].findIndex((o) => o.defaultSelected)) : e.value !== e.defaultValue;
const busy = () => document.hidden || !getSelection().isCollapsed || document.activeElement?.closest("form") || document.querySelector("dialog[open]")
  || document.querySelector("#main[data-still]") || [...document.querySelectorAll("#main :is(input, select, textarea)")].some(changed);
// What has the focus is found again by its address or its case, else by its place.
const nameOf = (e) => [e?.closest("[data-case]")?.dataset.case, e?.tagName, e?.getAttribute("href") ?? e?.value].join(" ");

function replace(old, next) {
  const open = [...old.querySelectorAll("details")].map((d) => d.open), had = document.activeElement;
  const place = links().indexOf(had), name = nameOf(had), top = had?.getBoundingClientRect().top;
  old.replaceWith(next);
  next.querySelectorAll("details").forEach((d, i) => (d.open = open[i] || false));
  if (place < 0) return;
  const now = links().find((e) => nameOf(e) === name) ?? links()[place];
  now?.focus({ preventScroll: true });
  if (now && nameOf(now) === name) scrollBy({ top: now.getBoundingClientRect().top - top, behavior: "instant" });
}

// Answers whether the page is as new as the server's.
async function refresh() {
  if (busy()) return false;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.redirected) return location.reload();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.getElementById("main"), old = document.getElementById("main");
    if (!next || !old || busy()) return false;
    replace(old, next);
    document.title = page.title;
    document.dispatchEvent(new Event("refreshed"));
    return answer.ok;
  } catch {
    return false; // The server is away for now; the next turn tries again.
  }
}
let turn = 0;
const followed = () => document.documentElement.hasAttribute("data-live") && document.querySelector("#main[data-live]");
setInterval(() => { if (!followed() || ++turn % 4 === 0) refresh(); }, every);
