// What was received since: a button counts it and nothing moves. Switched to live, it is fetched and
// put at its place in time, for as long as one is at the top and doesn't point at the table.
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
  if (!response || (!response.ok && response.status !== 401)) return 0;
  place.innerHTML = await response.text();
  place.dataset.new = place.querySelector("[data-next]")?.dataset.next ?? place.dataset.new;
  return response.ok ? Number(place.querySelector("[data-count]")?.dataset.count ?? 0) : 0;
};

const isResting = () => scrollY < 200 && !table.matches(":hover, :focus-within");

// A row, or a run of them folded into one: [tbody, the run's tbody].
const groups = (root) =>
  [...root.querySelectorAll("#events > tbody:not(.run)")].map((body) =>
    body.nextElementSibling?.matches(".run") ? [body, body.nextElementSibling] : [body]);
const idsOf = (bodies) =>
  bodies.flatMap((body) => [...body.querySelectorAll("tr[data-event]")].map((row) => row.dataset.event));

// The next count begins with what the fetched page has; all else is asked as before.
const markAsOf = (page) => {
  const fetched = page.getElementById("new")?.dataset.new;
  if (!fetched) return;
  const next = new URL(place.dataset.new, location.href);
  next.searchParams.set("since", new URL(fetched, location.href).searchParams.get("since"));
  place.dataset.new = next.href;
  place.replaceChildren();
};

const fetchRows = async (some) => {
  const shown = new Map(groups(document).map((bodies) => [idsOf(bodies).join(), bodies]));
  const known = new Set(idsOf([...shown.values()].flat()));
  const url = new URL(location.href);
  url.searchParams.delete("cursor");
  const asked = Number(url.searchParams.get("page_size"));
  url.searchParams.set("page_size", Math.max(asked, Math.min(known.size + some, MOST_ROWS)));
  const response = await ask(url);
  if (!response?.ok || !isResting()) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  let last = table.tHead;
  for (const fetched of groups(page)) {
    // What is as it was stays, with whatever is open in it.
    const same = shown.get(idsOf(fetched).join());
    for (const row of same ? [] : fetched.flatMap((body) => [...body.rows]))
      row.classList.toggle("is-new", !known.has(row.dataset.event));
    for (const body of same ?? fetched) {
      if (last.nextElementSibling !== body) last.after(body);
      last = body;
    }
  }
  while (last.nextElementSibling) last.nextElementSibling.remove();
  markAsOf(page);
};

const tick = async () => {
  if (!document.hidden) {
    const some = await count();
    if (some && table && live.checked && isResting()) await fetchRows(some);
  }
  timer = setTimeout(tick, live?.checked ? LIVE_EVERY : COUNT_EVERY);
};

if (place?.dataset.new) {
  timer = setTimeout(tick, COUNT_EVERY);
  live?.addEventListener("change", () => {
    clearTimeout(timer);
    tick();
  });
} else if (live) {
  live.closest("label").hidden = true;
}
