// The keyboard: single keys (silent in fields, can be switched off), the palette, the list of keys. None destroys, sends or reveals.
import { fresh } from "./live.js";
import { pick } from "./list.js";

const single = document.documentElement.dataset.keys !== "off";
const places = { h: "home", p: "people", c: "companies", d: "deals", i: "messages", t: "tasks", r: "retention", e: "evidence" };
const typing = (target) => target instanceof Element && target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
const click = (selector) => { const found = document.querySelector(selector); found?.click(); return Boolean(found); };

let at = -1;
const move = (step) => {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (!rows.length) return false;
  at = Math.max(0, Math.min(rows.length - 1, at + step));
  rows.forEach((row, i) => row.classList.toggle("at", i === at));
  rows[at].querySelector("[data-open]")?.focus({ preventScroll: true });
  rows[at].scrollIntoView({ block: "nearest" });
  return true;
};

// Palette: places and acts come from the page, records from the server.
const palette = document.querySelector("[data-palette]");
const options = document.getElementById("palette-options");
const line = (link) => { const a = document.createElement("a"); a.className = "option"; a.href = link.href; a.textContent = link.textContent.trim(); return a; };
const group = (label, links) => { if (!links.length) return []; const p = document.createElement("p"); p.className = "group"; p.textContent = label; return [p, ...links]; };
let chosen = 0, timer, newest = 0;
const all = () => [...options.querySelectorAll(".option")];
const choose = (to) => {
  const list = all();
  if (!list.length) return;
  chosen = (to + list.length) % list.length;
  list.forEach((o, i) => { o.id = `option-${i}`; o.setAttribute("role", "option"); o.tabIndex = -1; o.setAttribute("aria-selected", String(i === chosen)); });
  list[chosen].scrollIntoView({ block: "nearest" });
  palette.querySelector("input[name=q]").setAttribute("aria-activedescendant", list[chosen].id);
};
const fill = (text, found = []) => {
  const has = (link) => link.textContent.toLowerCase().includes(text.toLowerCase());
  const go = [...document.querySelectorAll(".rail-main a[data-nav], .rail-end a[data-nav]")].map(line).filter(has);
  const act = [...document.querySelectorAll("[data-key], [data-do]")].map(line).filter(has);
  options.replaceChildren(...group(options.dataset.found, found), ...group(options.dataset.do, act), ...group(options.dataset.go, go));
  choose(0);
};
const open = () => {
  if (!palette || palette.open) return;
  const input = palette.querySelector("input[name=q]");
  input.value = "";
  fill("");
  palette.showModal();
  input.focus();
};
palette?.addEventListener("input", (event) => {
  const text = event.target.value.trim();
  fill(text);
  clearTimeout(timer);
  if (text.length < 2) return;
  timer = setTimeout(async () => {
    const mine = ++newest;
    const form = palette.querySelector("form");
    try {
      const page = await fresh(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      if (mine === newest) fill(text, [...page.querySelectorAll(".option")]);
    } catch { /* Places and acts are still there. */ }
  }, 180);
});
palette?.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown") choose(chosen + 1);
  else if (event.key === "ArrowUp") choose(chosen - 1);
  else if (event.key === "Enter" && !event.isComposing) all()[chosen]?.click();
  else return;
  event.preventDefault();
});
palette?.addEventListener("click", (event) => { if (event.target === palette) palette.close(); });

const help = async () => {
  const dialog = document.querySelector("[data-keys-dialog]");
  if (!dialog || dialog.open) return;
  try {
    const list = (await fresh("/keys")).getElementById("keys-list");
    dialog.replaceChildren(list);
    dialog.showModal();
  } catch { location.assign("/keys"); }
};

// The choices of a card on a board.
const shift = (card) => {
  const menu = card?.querySelector("details.moves");
  if (!menu) return false;
  menu.open = true;
  menu.querySelector("input:not([type=hidden]), button")?.focus();
  return true;
};

let waiting = false;
addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); open(); return; }
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && typing(event.target)) { event.target.form?.requestSubmit(); return; }
  if (event.key === "Escape") {
    const menu = document.querySelector("details.menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
    else if (typing(event.target)) event.target.blur();
    return;
  }
  if (!single || event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  let done = true;
  if (waiting) { waiting = false; const key = places[event.key]; done = Boolean(key) && click(`.rail a[data-nav=${key}]`); }
  else switch (event.key) {
    case "/": document.getElementById("find")?.focus(); break;
    case "?": help(); break;
    case "g": waiting = true; setTimeout(() => { waiting = false; }, 1200); break;
    case "j": done = move(1); break;
    case "k": done = move(-1); break;
    case "m": done = shift(document.activeElement?.closest("[data-card]") ?? document.querySelectorAll("[data-row]")[at]); break;
    case "x": case "X": done = pick(document.querySelectorAll("[data-row]")[at]?.querySelector("input[name=chosen]"), event.shiftKey); break;
    case "n": done = click("[data-key=n]"); break;
    case "e": done = click(":is([data-fact]:focus-within, [data-fact]:hover) [data-pencil]") || click("dl [data-pencil]") || click("[data-key=e]"); break;
    default: done = false;
  }
  if (done) event.preventDefault();
});
