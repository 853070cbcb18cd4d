// Folds a group of the matrix in place, and keeps in the address which ones are folded. Without
// this, the same link asks the server for it.
for (const link of document.querySelectorAll("[data-fold]")) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    fold(link);
  });
  link.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    fold(link);
  });
}

function fold(link) {
  const rows = document.getElementById(link.getAttribute("aria-controls"));
  rows.hidden = !rows.hidden;
  link.setAttribute("aria-expanded", String(!rows.hidden));
  const folded = [...document.querySelectorAll("[data-fold][aria-expanded=false]")].map(
    (each) => each.dataset.fold,
  );
  const address = new URL(location.href);
  if (folded.length) address.searchParams.set("folded", folded.sort().join(","));
  else address.searchParams.delete("folded");
  history.replaceState(history.state, "", address);
}
