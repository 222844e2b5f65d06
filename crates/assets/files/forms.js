// Forms: show a password, keep what is typed, reveal one field, confirm a count, switch the theme, close menus.
const words = document.querySelector("[data-words]")?.dataset ?? {};
const say = (text) => { const place = document.querySelector("[data-say]"); if (place) place.textContent = text; };

for (const button of document.querySelectorAll("[data-show]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const input = document.getElementById(button.dataset.show);
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    input.focus();
  });
}

// Drafts: leaving with unsaved input asks first. Nothing is kept in the browser.
document.addEventListener("input", (event) => { const form = event.target.closest?.("form[data-draft]"); if (form) form.dataset.dirty = "yes"; });
document.addEventListener("submit", (event) => { delete event.target.dataset.dirty; });
addEventListener("beforeunload", (event) => { if (document.querySelector("form[data-dirty]")) { event.preventDefault(); event.returnValue = words.leave; } });

// A form is sent once: a second press while the first is under way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  setTimeout(() => { delete form.dataset.sent; }, 4000);
});
addEventListener("pageshow", () => { for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent; });

// The button that destroys stays closed until the right number stands there; the server asks for it as well.
for (const form of document.querySelectorAll("form[data-confirm]")) {
  const button = form.querySelector("button");
  const check = () => { button.disabled = form.elements.count.value.replace(/[^0-9]/g, "") !== form.dataset.confirm; };
  form.addEventListener("input", check);
  check();
}

// Reveal: one POST, then the value in place of its mask, for a minute or until the tab hides.
const masked = new Map();
const maskAgain = (shown) => {
  const form = masked.get(shown);
  if (!form) return;
  masked.delete(shown);
  shown.replaceWith(form.mask);
  form.form.hidden = false;
  say(words.masked);
};
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-reveal]")) return;
  event.preventDefault();
  delete form.dataset.sent;
  const mask = form.parentElement.querySelector(".mask");
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { accept: "text/html; fragment" } }).catch(() => null);
  if (!answer?.ok || !mask) { form.submit(); return; }
  const shown = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-revealed]");
  if (!shown) { form.submit(); return; }
  masked.set(shown, { form, mask });
  mask.replaceWith(shown);
  form.hidden = true;
  say(shown.textContent);
  setTimeout(() => maskAgain(shown), 60000);
});
const hideAll = () => {
  for (const shown of [...masked.keys()]) maskAgain(shown);
  // Without a script's fragment the whole page came back with the value in it: covering means dropping the value.
  for (const shown of document.querySelectorAll("dd[data-revealed]")) { shown.textContent = "••••••••"; delete shown.dataset.revealed; }
};
document.addEventListener("visibilitychange", () => { if (document.hidden) hideAll(); });
addEventListener("pagehide", hideAll);
if (document.querySelector("dd[data-revealed]")) setTimeout(hideAll, 60000);

// Theme: at once here, and by the same form in the cookie.
for (const form of document.querySelectorAll("form[data-theme-form]")) {
  form.addEventListener("submit", (event) => {
    const chosen = event.submitter?.value;
    if (!chosen) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form));
    body.set("theme", chosen);
    fetch(form.action, { method: "POST", body }).catch(() => say(words.failed));
    document.documentElement.dataset.theme = chosen;
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.value === chosen));
    delete form.dataset.sent;
  });
}

// Menus: one at a time; a press elsewhere closes them.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

// What one was told of is read once one follows it.
document.addEventListener("click", (event) => {
  const told = event.target.closest?.("[data-told] .said a")?.closest("[data-told]");
  const form = told?.querySelector("form");
  if (form) fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual", keepalive: true }).catch(() => {});
});

const focus = document.querySelector("[data-focus]");
focus?.focus({ preventScroll: true });

export { say, words };

// Whom a record looks like while it is written: asked a moment after the typing of what tells people apart, told quietly beside the button.
for (const form of document.querySelectorAll("form[data-alike-check]")) {
  const place = form.querySelector("[data-alike]");
  const telling = new Set(form.dataset.alikeFields.split(" "));
  const asked = () => new URLSearchParams([...new FormData(form)].filter(([name, value]) => typeof value === "string" && (name === "csrf" || name === "purpose" || telling.has(name.split(".")[1]?.replace(/_id$/, "")))));
  let waits = 0, told = "", turn = 0;
  const ask = async () => {
    const body = asked();
    if (!place || body.toString() === told) return;
    told = body.toString();
    const mine = ++turn;
    const answer = await fetch(form.dataset.alikeCheck, { method: "POST", body, headers: { accept: "text/html; fragment" } }).catch(() => null);
    if (!answer?.ok || mine !== turn) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").body;
    if (place.textContent.trim() !== found.textContent.trim()) place.replaceChildren(...found.childNodes);
  };
  form.addEventListener("input", (event) => {
    if (!telling.has(event.target.name?.split(".")[1]?.replace(/_id$/, ""))) return;
    clearTimeout(waits);
    waits = setTimeout(ask, 500);
  });
}
