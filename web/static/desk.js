// For those who work on cases: the inbox follows what changes, clocks tick, keys
// act, and a draft can be copied. Without it the pages work all the same.
"use strict";
const $ = (selector) => document.querySelector(selector);
const main = () => $("#main");

// Changes: the server tells that there are some, the page asks for itself anew.
// A page that is hidden lets go, for a browser has few lines to one server.
let stream, heard, lost, due = false, wait = 1000;
const deaf = 50000; // three heartbeats and a little

function say(on) {
  document.documentElement.toggleAttribute("data-live", on);
  const line = $("#live"), text = on ? line.dataset.heard : line.dataset.lost;
  line.hidden = false;
  line.classList.toggle("off", !on);
  if (line.textContent !== text) line.textContent = text; // said aloud when it changes
}

function listen() {
  clearTimeout(lost);
  if (stream || document.hidden) return;
  stream = new EventSource("/api/inbox/live?since=" + (main().dataset.live ?? 0));
  const alive = () => {
    wait = 1000;
    say(true);
    clearTimeout(heard);
    heard = setTimeout(again, deaf);
  };
  stream.addEventListener("beat", alive);
  stream.addEventListener("change", () => { alive(); due = true; catchUp(); });
  stream.onerror = again;
}

function hangUp() {
  stream?.close();
  stream = undefined;
  clearTimeout(heard);
}

function again() {
  hangUp();
  if (document.hidden) return;
  say(false);
  due = true;
  catchUp(); // leads to the login where the session has ended
  clearTimeout(lost);
  lost = setTimeout(listen, wait);
  wait = Math.min(wait * 2, 15000);
}

let catching = false;
async function catchUp() {
  if (catching) return;
  catching = true;
  while (due && !document.hidden) {
    due = false;
    if (!(await refresh())) due = true; // the reader is busy, or the server or its store away
    await new Promise((r) => setTimeout(r, due ? 3000 : 1000));
  }
  catching = false;
}

// The tab of a page that is hidden still counts what waits.
async function retitle() {
  if (!document.hidden) return;
  try {
    const answer = await fetch(location.href);
    if (answer.ok && !answer.redirected) document.title = new DOMParser().parseFromString(await answer.text(), "text/html").title;
  } catch {
    // The next turn tries again.
  }
}

if ($("#live")) {
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return hangUp();
    due = true;
    catchUp();
    listen();
  });
  setInterval(retitle, 60000);
  addEventListener("pagehide", hangUp);
  addEventListener("pageshow", (e) => e.persisted && listen());
  listen();
}

// Clocks tick by the server's time, to the second where it is less than a day.
let ahead = 0;
const sync = () => { if (main().dataset.now) ahead = Date.parse(main().dataset.now) - Date.now(); };
const digits = (n, least) => new Intl.NumberFormat(document.documentElement.lang, { minimumIntegerDigits: least, useGrouping: false }).format(n);
function tick() {
  for (const clock of document.querySelectorAll("#main [data-due]")) {
    const left = Math.trunc((Date.parse(clock.dataset.due) - Date.now() - ahead) / 1000), s = Math.abs(left);
    if (s >= 86400) continue;
    const text = (left < 0 ? main().dataset.late : main().dataset.in).replace("{}", `\u2068${digits(Math.floor(s / 3600), 1)}:${digits(Math.floor(s / 60) % 60, 2)}:${digits(s % 60, 2)}\u2069`);
    if (clock.textContent !== text) clock.textContent = text;
    clock.classList.toggle("bad", left < 0);
  }
}

// Keys. Letters of other alphabets count by their place on the keyboard.
const off = () => localStorage.getItem("feryat-keys") === "off";
const rows = () => [...document.querySelectorAll("#main .case-row")];
const row = () => document.activeElement?.closest(".case-row");
function move(by) {
  const all = rows(), at = all.indexOf(row());
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))]?.querySelector("a.open");
  next?.focus();
  next?.closest(".case-row").scrollIntoView({ block: "nearest" });
}
const act = (name) => (rows().length ? row() : main())?.querySelector(`button[name=do][value=${name}]`)?.click();
const keys = {
  j: () => move(1), k: () => move(-1), a: () => act("acknowledged"), r: () => act("answered"), e: () => act("resolved"), f: () => act("false_alarm"), c: () => copy(),
  "/": () => { const f = $("#main .filters"); if (f) { f.open = true; f.querySelector("input, select").focus(); } }, "?": () => help(),
};
function help() { if (!$("#keys").open) $("#keys").showModal(); }
document.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.altKey || e.metaKey || e.isComposing || e.repeat && !"jk".includes(e.key) || $("dialog[open]")) return;
  if (e.target.closest?.("input, select, textarea, [contenteditable]")) return;
  const key = e.key === "؟" ? "?" : /^[a-z/?]$/.test(e.key) ? e.key : /^Key[A-Z]$/.test(e.code) && !e.shiftKey ? e.code[3].toLowerCase() : "";
  if (!keys[key] || off() && key !== "?") return;
  e.preventDefault();
  keys[key]();
});

// The draft: by the clipboard where the browser lets us, else by selecting it.
async function copy() {
  const draft = $("#draft"), said = $("#copied");
  if (!draft) return;
  let done = false;
  try {
    await navigator.clipboard.writeText(draft.textContent);
    done = true;
  } catch {
    getSelection().selectAllChildren(draft);
    done = document.execCommand("copy");
    if (done) getSelection().empty(); // else the reader finds it selected
  }
  said.textContent = "";
  setTimeout(() => (said.textContent = done ? said.dataset.said : said.dataset.failed), 50);
}

function equip() {
  sync();
  tick();
  const button = $("#copy");
  if (button) { button.hidden = false; button.onclick = copy; }
}
document.addEventListener("refreshed", equip);
setInterval(tick, 1000);
$("#show-keys").hidden = false;
$("#show-keys").onclick = help;
$("#keys-on").checked = !off();
$("#keys-on").onchange = (e) => localStorage.setItem("feryat-keys", e.target.checked ? "on" : "off");
equip();
