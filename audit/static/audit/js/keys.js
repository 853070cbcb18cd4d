// The keys of the events page: j and k walk, Enter opens, x picks, / searches, ? tells.
const table = document.getElementById("events");
const dialog = document.getElementById("keys");
const picked = document.getElementById("picked");

const rows = () => [...table.querySelectorAll("tbody:not([hidden]) > tr[data-event]")];
const current = () => table?.querySelector("tr.is-current");
const caretOf = (row) => row.querySelector("[data-expand]");

const go = (row) => {
  if (!row) return;
  current()?.classList.remove("is-current");
  row.classList.add("is-current");
  caretOf(row).focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
};

const step = (by) => {
  if (!table) return;
  const all = rows();
  const at = all.indexOf(current());
  go(all[Math.min(Math.max(at + by, 0), all.length - 1)]);
};

const chosen = () => [...table.querySelectorAll("tr:has(.pick:checked)")];

const tell = () => {
  const links = chosen();
  for (const row of table.querySelectorAll("tr[data-event]")) {
    row.classList.toggle("is-picked", row.querySelector(".pick").checked);
  }
  table.classList.toggle("has-picks", links.length > 0);
  picked.hidden = !links.length;
  picked.querySelector("b").textContent = String(links.length);
  picked.querySelector("[data-copy]").dataset.copy = links
    .map((row) => new URL(row.dataset.link, location.href).href)
    .join("\n");
  const file = picked.querySelector("[data-picked]");
  if (file) file.href = `${file.dataset.picked}?${links.map((row) => `id=${row.dataset.event}`).join("&")}`;
};

const openMenu = (id) => {
  const menu = document.getElementById(id);
  if (!menu) return;
  menu.open = true;
};

const keys = {
  j: () => step(1),
  k: () => step(-1),
  o: () => { const row = current(); if (row) location.assign(caretOf(row).href); },
  x: () => {
    const box = current()?.querySelector(".pick");
    if (box) { box.checked = !box.checked; tell(); }
  },
  "/": () => document.getElementById("find")?.focus(),
  f: () => openMenu("add-filter"),
  t: () => openMenu("range"),
  "?": () => dialog.showModal(),
};

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest?.("input:not([type=checkbox]), select, textarea, dialog, [contenteditable]");
  if (event.key === "Escape" && event.target.id === "find") event.target.blur();
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    const opened = event.target.closest?.(".more")?.previousElementSibling ?? current();
    const caret = opened && caretOf(opened);
    if (caret?.getAttribute("aria-expanded") === "true") { caret.click(); caret.focus(); }
    return;
  }
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

document.getElementById("show-keys")?.addEventListener("click", () => dialog.showModal());

table?.addEventListener("focusin", (event) => {
  const row = event.target.closest("tr[data-event]");
  if (!row || row === current()) return;
  current()?.classList.remove("is-current");
  row.classList.add("is-current");
});
table?.addEventListener("change", (event) => { if (event.target.matches(".pick")) tell(); });
picked?.querySelector("[data-do=none]")?.addEventListener("click", () => {
  for (const box of table.querySelectorAll(".pick:checked")) box.checked = false;
  tell();
});
