// Lines are changed where they stand: the form's own POST (or the link's page) is fetched, and the lines put in place with what follows from them.
// Alt and an arrow move the line one stands in; Escape lets go of the one that is edited. Without this every form is sent as it is.
import { say, words } from "./forms.js";

const box = () => document.getElementById("lines");
const name = (element) => element?.getAttribute("aria-label") ?? element?.id ?? "";

// Where one was: the same button, else the line's first control, else the first input to fill in.
const goBack = (label, row) => {
  const lines = box(), place = row ? document.getElementById(row) : null;
  const same = label ? [...lines.querySelectorAll("[aria-label]")].find((one) => name(one) === label && !one.disabled) : null;
  const to = lines.querySelector("[aria-invalid]") ?? lines.querySelector("td .lineform :is(input:not([type=hidden]), select)") ?? same
    ?? place?.querySelector(":is(a, button:not([disabled]))[aria-label]") ?? lines.querySelector(".addline input:not([type=hidden])");
  to?.focus({ preventScroll: true });
  to?.scrollIntoView({ block: "nearest" });
};

const put = async (address, init, label, row) => {
  const lines = box();
  lines.setAttribute("aria-busy", "true");
  const answer = await fetch(address, init).catch(() => null);
  const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = page?.getElementById("lines");
  lines.removeAttribute("aria-busy");
  if (!next) { if (init?.method) say(words.failed); else location.assign(address); return false; }
  lines.replaceWith(next);
  // What follows from them stands among the facts; a fact that is edited at this moment is left alone.
  const facts = document.getElementById("facts"), newer = page.getElementById("facts");
  if (facts && newer && !facts.querySelector("form[data-inline]")) facts.replaceWith(newer);
  const notice = page.querySelector(".notice.done");
  document.querySelectorAll("main .notice.done").forEach((old) => old.remove());
  if (notice) next.before(notice);
  say(notice?.querySelector("p")?.textContent ?? [...next.querySelectorAll(".wrong")].map((one) => one.textContent).join(" "));
  goBack(label, row);
  return true;
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.closest("#lines")) return;
  event.preventDefault();
  delete form.dataset.sent;
  delete form.dataset.dirty;
  const body = new URLSearchParams(new FormData(form, event.submitter));
  put(form.action, { method: "POST", body }, event.submitter?.closest(".lineacts") ? name(event.submitter) : "", form.closest("tr")?.id);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("#lines .lineacts a, #lines a[data-cancel]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  put(link.href, undefined, "", link.closest("tr")?.id);
});
document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const form = event.target.closest?.("#lines td .lineform");
  if (form && event.key === "Escape") { event.preventDefault(); form.querySelector("[data-cancel]").click(); return; }
  const row = event.target.closest?.("#lines tr[data-line]");
  if (!row || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  event.preventDefault();
  row.querySelector(`button[value=${event.key === "ArrowUp" ? "up" : "down"}]:not([disabled])`)?.click();
});
