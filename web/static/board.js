// Makes the choices of a dashboard work without a click on the button's way
// round: All and single values exclude each other, an open list closes when the
// reader goes elsewhere, and the panels are brought up to date as often as the
// reader asked. The page works without it.
"use strict";
{
  const choices = () => [...document.querySelectorAll(".choose details")];

  document.addEventListener("change", (e) => {
    const box = e.target.closest(".choose fieldset input");
    if (box) {
      const all = box.form.querySelector(`input[name="${CSS.escape(box.name)}"][value="$__all"]`);
      const others = [...box.form.elements[box.name]].filter((x) => x !== all);
      if (box === all && box.checked) others.forEach((x) => (x.checked = false));
      if (all && box !== all) all.checked = !others.some((x) => x.checked);
    }
    const period = e.target.form?.elements.since;
    if (["day1", "day2"].includes(e.target.name)) period.selectedIndex = period.options.length - 1;
  });
  document.addEventListener("click", (e) => choices().forEach((d) => d.contains(e.target) || (d.open = false)));
  document.addEventListener("keydown", (e) => {
    const list = e.key === "Escape" && e.target.closest?.(".choose details[open]");
    if (list) { list.open = false; list.querySelector("summary").focus(); }
  });

  const touched = () => document.hidden || !getSelection().isCollapsed || document.querySelector(".choose details[open]")
    || document.activeElement?.closest(".choose") || document.querySelector("dialog[open]");

  globalThis.renew = async () => {
    if (touched()) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.redirected) return location.reload();
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (touched()) return;
      for (const next of page.querySelectorAll(".board > section[id]")) {
        const old = document.getElementById(next.id);
        if (!old || old.contains(document.activeElement)) continue;
        const open = [...old.querySelectorAll("details")].map((d) => d.open);
        const place = [...old.querySelectorAll(".scroll")].map((s) => [s.scrollLeft, s.scrollTop]);
        old.replaceWith(next);
        next.querySelectorAll("details").forEach((d, i) => (d.open = open[i] || false));
        next.querySelectorAll(".scroll").forEach((s, i) => place[i] && s.scrollTo(...place[i]));
      }
    } catch {
      // The server is away for now; the next turn tries again.
    }
  };
  const every = document.querySelector(".board")?.dataset.every;
  if (every) setInterval(renew, every * 1000);
}
