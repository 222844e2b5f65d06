// Edit in place: a field's own form is fetched into its place and sent from there. Without this its pencil leads to the same form as a page.
import { say, words } from "./forms.js";

const open = new Map();
const places = () => [...document.querySelectorAll("[data-fact]")].filter((place) => place.checkVisibility() && place.querySelector("[data-pencil], form[data-inline]"));
const first = (form) => form.querySelector("[aria-invalid], .field :is(input:not([type=hidden]), select, textarea)");
const fragment = async (address, init = {}) => {
  const answer = await fetch(address, { ...init, headers: { accept: "text/html; fragment" } }).catch(() => null);
  return answer && new DOMParser().parseFromString(await answer.text(), "text/html");
};

const restore = (place) => {
  place.replaceChildren(...open.get(place));
  open.delete(place);
  place.querySelector("[data-pencil]")?.focus();
};
const edit = async (place) => {
  const pencil = place.querySelector("[data-pencil]");
  if (open.has(place) || !pencil) { first(place)?.focus(); return; }
  const form = (await fragment(pencil.href))?.querySelector("form[data-inline]");
  if (!form) { location.assign(pencil.href); return; }
  open.set(place, [...place.childNodes]);
  place.replaceChildren(form);
  const input = first(form);
  input?.focus();
  if (input?.select && input.type !== "date") input.select();
};

// Successes only; three at most; ten seconds, longer while somebody is at them.
const toast = (notice) => {
  if (!notice) return;
  let box = document.querySelector(".toasts");
  if (!box) { box = document.createElement("div"); box.className = "toasts"; document.body.append(box); }
  notice.removeAttribute("role");
  box.append(notice);
  while (box.children.length > 3) box.firstChild.remove();
  say(notice.querySelector("p").textContent);
  const end = () => (notice.matches(":hover, :focus-within") ? setTimeout(end, 2000) : notice.remove());
  setTimeout(end, 10000);
};

const save = async (form, next) => {
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  const place = form.closest("[data-fact]");
  const page = await fragment(form.action, { method: "POST", body: form.enctype === "multipart/form-data" ? new FormData(form) : new URLSearchParams(new FormData(form)) });
  delete form.dataset.busy;
  const again = page?.querySelector("form[data-inline]");
  const saved = page?.querySelector("[data-saved]");
  if (again) {
    again.dataset.dirty = "yes";
    place.replaceChildren(again);
    first(again)?.focus();
    say([...again.querySelectorAll(".wrong")].map((wrong) => wrong.textContent).join(" "));
    return;
  }
  if (!saved) {
    // Nothing is lost: what was typed stays, and the fault is said beside it.
    let wrong = form.querySelector("[data-failed]");
    if (!wrong) { wrong = document.createElement("p"); wrong.className = "wrong"; wrong.dataset.failed = "yes"; form.append(wrong); }
    wrong.textContent = words.failed;
    say(words.failed);
    return;
  }
  delete form.dataset.dirty;
  const version = saved.querySelector("input[name=version]")?.value;
  if (place.dataset.fact === place.closest("[data-title]")?.dataset.title) { location.assign(location.pathname + (version ? `?saved=${version}` : "")); return; }
  const fresh = saved.querySelector("[data-fact]");
  open.delete(place);
  place.className = fresh.className;
  place.replaceChildren(...fresh.childNodes);
  const line = document.querySelector("[data-version]");
  if (line) line.replaceChildren(...saved.querySelector("[data-version]").childNodes);
  toast(saved.querySelector(".notice"));
  if (next) edit(next);
  else place.querySelector("[data-pencil]")?.focus();
};

document.addEventListener("click", (event) => {
  const target = event.target;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  if (target.closest("[data-restore]")) { restore(target.closest("[data-fact]")); return; }
  const place = target.closest("[data-fact]");
  if (!place?.querySelector("[data-pencil]")) return;
  const other = target.closest("a, button, input, select, textarea, summary, label");
  if (other ? !other.matches("[data-pencil]") : !getSelection().isCollapsed) return;
  event.preventDefault();
  edit(place);
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-inline]")) return;
  event.preventDefault();
  delete event.target.dataset.sent;
  save(event.target);
});
document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form[data-inline]");
  if (!form || event.isComposing) return;
  const place = form.closest("[data-fact]");
  if (!place) return;
  if (event.key === "Escape") { event.preventDefault(); restore(place); return; }
  if (event.key !== "Tab") return;
  const inputs = [...form.querySelectorAll(".field :is(input:not([type=hidden]), select, textarea)")];
  const edge = event.shiftKey ? inputs[0] : inputs.at(-1);
  if (event.target !== edge) return;
  const all = places();
  const next = all[all.indexOf(place) + (event.shiftKey ? -1 : 1)];
  if (!next) return;
  event.preventDefault();
  save(form, next);
});
