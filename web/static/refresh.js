// Brings the page up to date every 15 seconds while it is looked at. Open
// details stay open; nothing moves while a control has the focus.
"use strict";
const every = 15000;
async function refresh() {
  const busy = document.activeElement && document.activeElement.closest("form");
  if (document.hidden || busy || !document.getElementById("main")) return;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.redirected) return location.reload();
    const next = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("main");
    if (!next) return;
    const open = [...document.querySelectorAll("details")].map((d) => d.open);
    document.getElementById("main").replaceWith(next);
    document.querySelectorAll("details").forEach((d, i) => (d.open = open[i] || false));
  } catch {
    // The server is away for now; the next turn tries again.
  }
}
setInterval(refresh, every);
