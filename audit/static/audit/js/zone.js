// Tells the server in which zone the browser is, so that times are shown in it before anybody chose
// another. A page that was made without knowing it is asked for again, once.
const NAME = "sightline_zone";
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const said = () =>
  document.cookie.split("; ").find((each) => each.startsWith(`${NAME}=`))?.slice(NAME.length + 1);
const value = encodeURIComponent(zone ?? "");

if (zone && said() !== value) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${NAME}=${value}; path=/; max-age=31536000; samesite=lax${secure}`;
  const shown = document.documentElement.dataset.zone;
  if (said() === value && shown && shown !== zone) location.replace(location.href);
}
