// The carets of the table: one opens everything about its event in place, "× 40" opens its run.
// Without this they are links to the event's page and to the table unfolded.
const table = document.getElementById("events");

const close = (row, caret) => {
  row.nextElementSibling?.matches(".more") && row.nextElementSibling.remove();
  caret.setAttribute("aria-expanded", "false");
};

const open = async (row, caret) => {
  caret.setAttribute("aria-expanded", "true");
  const more = document.createElement("tr");
  more.className = "more is-waiting";
  const cell = more.insertCell();
  cell.colSpan = row.cells.length;
  row.after(more);
  const url = new URL(caret.href);
  url.searchParams.set("part", "detail");
  const response = await fetch(url, { headers: { "HX-Request": "true", "HX-Current-URL": location.href } })
    .catch(() => null);
  more.classList.remove("is-waiting");
  if (response?.ok || response?.status === 401) cell.innerHTML = await response.text();
  else cell.textContent = table.dataset.failed;
};

export const toggle = (row) => {
  const caret = row.querySelector("[data-expand]");
  if (caret.getAttribute("aria-expanded") === "true") close(row, caret);
  else open(row, caret);
};

const toggleRun = (button) => {
  const run = button.closest("tbody").nextElementSibling;
  run.hidden = !run.hidden;
  button.setAttribute("aria-expanded", String(!run.hidden));
};

table?.addEventListener("click", (event) => {
  const wantsOwnTab = event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0;
  const caret = event.target.closest("[data-expand]");
  const run = event.target.closest("[data-run]");
  if (wantsOwnTab || !(caret || run)) return;
  event.preventDefault();
  if (caret) toggle(caret.closest("tr"));
  else toggleRun(run);
});

// They are buttons to who listens, so the space bar works them too.
table?.addEventListener("keydown", (event) => {
  if (event.key !== " " || !event.target.matches("[data-expand], [data-run]")) return;
  event.preventDefault();
  event.target.click();
});
