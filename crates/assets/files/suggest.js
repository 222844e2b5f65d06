// Suggestions under a field while one types: arrows choose, Enter takes, Escape closes. The server reads what stands in the field, so nothing
// hangs on this.
const lists = { count: 0 };

// `ask` answers what to offer for the field as it stands ({ text, note }), or nothing; `take` puts one of them in.
const suggest = (field, label, ask, take) => {
  const list = document.createElement("ul");
  list.className = "suggest"; list.id = `suggest${(lists.count += 1)}`; list.hidden = true;
  list.setAttribute("role", "listbox"); list.setAttribute("aria-label", label);
  field.after(list);
  let at = -1, offered = [], turn = 0;
  const hide = () => { turn += 1; list.hidden = true; at = -1; field.removeAttribute("aria-activedescendant"); field.removeAttribute("aria-controls"); };
  const choose = (to) => {
    const all = [...list.children];
    at = (to + all.length) % all.length;
    all.forEach((one, i) => one.setAttribute("aria-selected", String(i === at)));
    field.setAttribute("aria-activedescendant", all[at].id);
    all[at].scrollIntoView({ block: "nearest" });
  };
  const put = (one) => {
    take(one);
    hide();
    field.focus();
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };
  field.addEventListener("input", async () => {
    const mine = (turn += 1);
    const found = await ask();
    if (mine !== turn) return;
    if (!found.length || document.activeElement !== field) { hide(); return; }
    offered = found;
    list.replaceChildren(...found.map((one, i) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${i}`; option.className = "option";
      option.setAttribute("role", "option");
      option.append(one.text);
      if (one.note) { const note = document.createElement("span"); note.className = "push quiet"; note.textContent = one.note; option.append(note); }
      option.addEventListener("pointerdown", (event) => { event.preventDefault(); put(one); });
      return option;
    }));
    list.hidden = false;
    field.setAttribute("aria-controls", list.id);
    choose(0);
  });
  field.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    if (event.key === "ArrowDown") choose(at + 1);
    else if (event.key === "ArrowUp") choose(at - 1);
    else if (event.key === "Enter" || event.key === "Tab") put(offered[at]);
    else if (event.key === "Escape") { hide(); event.stopPropagation(); }
    else return;
    event.preventDefault();
  });
  field.addEventListener("blur", hide);
};

// The composer: typing @ and letters offers colleagues.
for (const form of document.querySelectorAll("form[data-composer]")) {
  const area = form.querySelector("textarea");
  const names = [...form.querySelectorAll("input[name=mention]")].map((input) => input.parentElement.textContent.trim());
  let from = -1;
  const ask = () => {
    const before = area.value.slice(0, area.selectionStart);
    const word = before.match(/(?:^|[^\p{L}\p{N}])@([\p{L}\p{N}][^@\n]{0,40}|)$/u);
    const asked = word?.[1].toLowerCase();
    if (asked === undefined || form.querySelector("input[value=task]")?.checked) return [];
    from = before.length - word[1].length - 1;
    const fits = (name) => name.toLowerCase().startsWith(asked) || name.toLowerCase().split(" ").some((part) => asked && part.startsWith(asked));
    return names.filter(fits).slice(0, 6).map((text) => ({ text }));
  };
  suggest(area, form.querySelector(".mentions summary")?.textContent ?? "", ask, (one) => area.setRangeText(`@${one.text} `, from, area.selectionStart, "end"));
}

// A field that names other records: what fits the line one types on. Asking is an audited search, like any other.
const wait = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const refers = (field) => {
  const form = field.form, chosen = form.elements[`${field.name}_id`], many = field.matches("textarea");
  let turn = 0;
  const line = () => {
    const end = many ? field.selectionStart : field.value.length, before = field.value.slice(0, end);
    const from = many ? before.lastIndexOf("\n") + 1 : 0;
    return { from, end, words: before.slice(from).trim() };
  };
  const ask = async () => {
    const mine = (turn += 1), { words } = line();
    if (words.length < 2) return [];
    await wait(150);
    if (mine !== turn) return [];
    const body = new URLSearchParams({ csrf: form.elements.csrf.value, q: words, kind: field.dataset.refers });
    const answer = await fetch("/palette", { method: "POST", body, headers: { accept: "text/html; fragment" } }).catch(() => null);
    if (!answer?.ok) return [];
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return [...page.querySelectorAll("a.option")].slice(0, 6).map((option) => ({
      text: option.querySelector("bdi").textContent, note: option.querySelector(".push")?.textContent, id: option.getAttribute("href").split("/").pop(),
    }));
  };
  const take = (one) => {
    const { from, end } = line();
    if (many) field.setRangeText(`${one.text}\n`, from, end, "end");
    else field.value = one.text;
    chosen.value = many ? `${chosen.value} ${one.id}`.trim() : one.id;
  };
  field.setAttribute("aria-autocomplete", "list");
  suggest(field, field.labels?.[0]?.textContent ?? "", ask, take);
};
// Forms also come into the page later, each in its field's place.
document.addEventListener("focusin", (event) => {
  const field = event.target.closest?.("[data-refers]");
  if (!field || field.dataset.ready || !field.form) return;
  field.dataset.ready = "yes";
  refers(field);
});
