// The search field over an event's details: the lines that have what is typed stay.
document.addEventListener("input", (event) => {
  if (!event.target.matches(".tree-find")) return;
  const wanted = event.target.value.toLowerCase();
  for (const leaf of event.target.closest(".details").querySelectorAll(".tree > li")) {
    leaf.hidden = !leaf.textContent.toLowerCase().includes(wanted);
  }
});
