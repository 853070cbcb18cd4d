// What came since: a button counts it and nothing moves. Switched to live, it is fetched and put on
// top, for as long as one is at the top and doesn't point at the table.
const place = document.getElementById("new");
const table = document.getElementById("events");
const live = document.getElementById("live");
const COUNT_EVERY = 20_000;
const LIVE_EVERY = 4_000;
const MOST_ROWS = 300;
let timer = 0;

const ask = (path) =>
  fetch(path, { headers: { "HX-Request": "true", "HX-Current-URL": location.href } }).catch(() => null);

const count = async () => {
  const response = await ask(place.dataset.new);
  if (!response || (!response.ok && response.status !== 401)) return false;
  place.innerHTML = await response.text();
  return response.ok && Boolean(place.querySelector("[data-count]"));
};

const isResting = () => scrollY < 200 && !table.matches(":hover, :focus-within");

const fetchRows = async () => {
  const url = new URL(location.href);
  url.searchParams.delete("cursor");
  const response = await ask(url);
  if (!response?.ok || !isResting()) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const known = new Set([...table.querySelectorAll("tr[data-event]")].map((row) => row.dataset.event));
  const bodies = [...page.querySelectorAll("#events > tbody:not(.run)")];
  const fresh = bodies.filter((body) => !known.has(body.querySelector("tr").dataset.event));
  for (const body of fresh) for (const row of body.rows) row.classList.add("is-new");
  table.tHead.after(...fresh.map((body) => document.adoptNode(body)));
  const rows = table.querySelectorAll(":scope > tbody");
  for (const body of [...rows].slice(MOST_ROWS)) body.remove();
  const next = page.getElementById("new")?.dataset.new;
  if (next) place.dataset.new = next;
  place.replaceChildren();
};

const tick = async () => {
  if (!document.hidden) {
    const some = await count();
    if (some && live.checked && isResting()) await fetchRows();
  }
  timer = setTimeout(tick, live.checked ? LIVE_EVERY : COUNT_EVERY);
};

if (place?.dataset.new && table) {
  timer = setTimeout(tick, COUNT_EVERY);
  live.addEventListener("change", () => {
    clearTimeout(timer);
    tick();
  });
} else if (live) {
  live.closest("label").hidden = true;
}
