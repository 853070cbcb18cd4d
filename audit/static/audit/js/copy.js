// A button with data-copy copies that text; one with data-copy-from copies the text of that
// element; one with data-copy-link copies the address, complete with its host.
const said = document.getElementById("said");

const textOf = (button) => {
  const { copy, copyFrom, copyLink } = button.dataset;
  if (copy !== undefined) return copy;
  if (copyLink !== undefined) return new URL(copyLink, location.href).href;
  return document.getElementById(copyFrom)?.textContent ?? "";
};

export const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without HTTPS there is no clipboard but the old one.
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "unseen";
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  said.textContent = "";
  said.textContent = said.dataset.copied;
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy], [data-copy-from], [data-copy-link]");
  if (!button) return;
  event.preventDefault();
  await copy(textOf(button));
  button.classList.add("is-copied");
  button.addEventListener("pointerleave", () => button.classList.remove("is-copied"), { once: true });
});
