// Charts are links that lead to the time of a bar. This lets one drag over several, walk through
// them by the arrow keys, and reads out whichever is under the pointer or has the focus.
const setUp = (chart) => {
  chart.dataset.isReady = "";
  const svg = chart.querySelector("svg.bars");
  const bars = [...svg.querySelectorAll("a")];
  if (!bars.length) return;
  const brush = svg.querySelector("[data-brush]");
  const readout = document.createElement("output");
  readout.className = "readout";
  readout.hidden = true;
  chart.append(readout);

  // The browser's own tooltip would say the same a second later.
  const words = new Map(bars.map((bar) => [bar, bar.querySelector("title").textContent.trim()]));
  for (const bar of bars) bar.querySelector("title").remove();

  const show = (bar) => {
    readout.textContent = words.get(bar);
    readout.hidden = false;
    const box = chart.getBoundingClientRect();
    const at = bar.getBoundingClientRect();
    const left = at.left - box.left + at.width + 6;
    const fits = left + readout.offsetWidth < box.width;
    readout.style.left = `${fits ? left : Math.max(0, at.left - box.left - readout.offsetWidth - 6)}px`;
    readout.style.top = `${svg.getBoundingClientRect().top - box.top}px`;
  };
  const hide = () => { readout.hidden = true; };

  // A pointer finds its bar by where it is, so that empty bars can be found too.
  const barAt = (x) => {
    let low = 0, high = bars.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (bars[middle].querySelector(".hit").getBoundingClientRect().left <= x) low = middle;
      else high = middle - 1;
    }
    return low;
  };

  let from = null;
  let dragged = false;
  const mark = (a, b) => {
    const first = bars[Math.min(a, b)].querySelector(".hit").getBoundingClientRect();
    const last = bars[Math.max(a, b)].querySelector(".hit").getBoundingClientRect();
    brush.setAttribute("x", first.left - svg.getBoundingClientRect().left);
    brush.setAttribute("width", last.right - first.left);
    brush.removeAttribute("hidden");
  };
  const forget = () => {
    from = null;
    brush.setAttribute("hidden", "");
  };

  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.pointerType === "touch") return;
    from = barAt(event.clientX);
    dragged = false;
  });
  svg.addEventListener("pointermove", (event) => {
    const at = barAt(event.clientX);
    show(bars[at]);
    if (from === null || (at === from && !dragged)) return;
    if (!dragged) svg.setPointerCapture(event.pointerId);
    dragged = true;
    mark(from, at);
  });
  svg.addEventListener("pointerleave", () => { if (from === null) hide(); });
  svg.addEventListener("pointerup", (event) => {
    if (from === null) return;
    const to = barAt(event.clientX);
    const [first, last] = [Math.min(from, to), Math.max(from, to)];
    forget();
    if (!dragged) return;
    const url = new URL(bars[first].href.baseVal, location.href);
    url.searchParams.set("to", new URL(bars[last].href.baseVal, location.href).searchParams.get("to"));
    location.assign(url);
  });
  svg.addEventListener("pointercancel", forget);
  svg.addEventListener("click", (event) => { if (dragged) event.preventDefault(); dragged = false; }, true);
  svg.addEventListener("dragstart", (event) => event.preventDefault());

  svg.addEventListener("focusin", (event) => {
    const bar = event.target.closest("a");
    if (bar) show(bar);
  });
  svg.addEventListener("focusout", hide);
  svg.addEventListener("keydown", (event) => {
    const at = bars.indexOf(document.activeElement);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: bars.length - 1 }[event.key];
    if (event.key === "Escape") { forget(); hide(); }
    if (at < 0 || to === undefined || !bars[to]) return;
    event.preventDefault();
    bars[at].setAttribute("tabindex", "-1");
    bars[to].setAttribute("tabindex", "0");
    bars[to].focus();
  });
};

const setUpAll = () => {
  for (const chart of document.querySelectorAll("[data-chart]:not([data-is-ready])")) setUp(chart);
};
setUpAll();
// What takes long to count comes after the page.
document.addEventListener("htmx:after:swap", setUpAll);
