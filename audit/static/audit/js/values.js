// Values that can be filtered by: a click is "only" (a link by itself), Alt and a click is "not",
// and whoever rests on one, or reaches it by the keyboard, is offered both, and "copy".
const words = document.querySelector("[data-value-words]").dataset;
const menu = document.createElement("span");
menu.className = "value-menu";
menu.hidden = true;
const not = document.createElement("a");
not.textContent = words.not;
const copy = document.createElement("button");
copy.type = "button";
copy.textContent = words.copyWord;
menu.append(not, copy);
document.body.append(menu);

let value = null;
let timer = 0;

const excluding = (link) => {
  const url = new URL(location.href);
  const { filter, value: text } = link.dataset;
  const kept = url.searchParams.getAll(filter).filter((each) => each !== text);
  url.searchParams.delete(filter);
  url.searchParams.delete("cursor");
  for (const each of kept) url.searchParams.append(filter, each);
  url.searchParams.append(`exclude_${filter}`, text);
  return url.href;
};

const show = (link) => {
  value = link;
  not.href = excluding(link);
  copy.dataset.copy = link.dataset.value;
  const at = link.getBoundingClientRect();
  menu.hidden = false;
  const left = Math.min(at.left + scrollX, scrollX + innerWidth - menu.offsetWidth - 8);
  menu.style.left = `${Math.max(0, left)}px`;
  menu.style.top = `${at.bottom + scrollY}px`;
};

const hide = () => {
  clearTimeout(timer);
  menu.hidden = true;
  value = null;
};

const later = (action, milliseconds) => {
  clearTimeout(timer);
  timer = setTimeout(action, milliseconds);
};

const valueAt = (target) => target.closest?.("a[data-filter][data-value]");

document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch") return;
  if (menu.contains(event.target)) return clearTimeout(timer);
  const link = valueAt(event.target);
  if (link && link !== value) later(() => show(link), 500);
  else if (!link && value) later(hide, 250);
  else if (!link) clearTimeout(timer);
});
document.addEventListener("focusin", (event) => {
  if (menu.contains(event.target)) return;
  const link = valueAt(event.target);
  if (link?.matches(":focus-visible")) show(link);
  else hide();
});
document.addEventListener("keydown", (event) => {
  if (menu.hidden) return;
  if (event.key === "Escape") {
    const link = value;
    const inside = menu.contains(document.activeElement);
    hide();
    if (inside) link.focus();
  }
  // The menu stands at the end of the document; down leads into it, up back to its value.
  if (event.key === "ArrowDown" && document.activeElement === value) { event.preventDefault(); not.focus(); }
  if (event.key === "ArrowUp" && menu.contains(document.activeElement)) { event.preventDefault(); value.focus(); }
  if (event.key === "ArrowRight" && document.activeElement === not) { event.preventDefault(); copy.focus(); }
  if (event.key === "ArrowLeft" && document.activeElement === copy) { event.preventDefault(); not.focus(); }
});
document.addEventListener("scroll", hide, { passive: true });
document.addEventListener("click", (event) => {
  const link = valueAt(event.target);
  if (!link || !event.altKey) return;
  event.preventDefault();
  location.assign(excluding(link));
}, true);
