// On an event's page j and k go to its neighbours in the search that one came from.
const links = { j: "a[rel=next]", k: "a[rel=prev]" };

document.addEventListener("keydown", (event) => {
  if (event.target.closest?.("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
  document.querySelector(links[event.key] ?? "none")?.click();
});
