// How long ago it was: said of a time that the pointer rests on, beside its exact value.
const format = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
const STEPS = [["year", 31557600], ["month", 2629800], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

document.addEventListener("pointerover", (event) => {
  const time = event.target.closest?.("time[datetime][title]");
  if (!time) return;
  time.dataset.exact ??= time.title;
  const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
  const [unit, size] = STEPS.find(([, length]) => Math.abs(seconds) >= length) ?? STEPS.at(-1);
  time.title = `${time.dataset.exact} · ${format.format(Math.round(seconds / size), unit)}`;
});
