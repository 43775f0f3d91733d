// Tells two minutes before the sitting ends, and lets people stay. All words come from the page.
"use strict";
{
  const source = document.querySelector("[data-sitting]");
  const seconds = Number(source.dataset.sitting);
  const key = "portal-sitting-end";
  let notice = null;

  const end = () => Number(localStorage.getItem(key));
  const renew = (left) => {
    localStorage.setItem(key, String(Date.now() + left * 1000));
    notice?.remove();
    notice = null;
  };
  const tell = () => {
    notice = source.content.firstElementChild.cloneNode(true);
    notice.querySelector("a").addEventListener("click", async (event) => {
      event.preventDefault();
      const answer = await fetch(event.target.closest("a").href, { headers: { Accept: "application/json" } });
      const left = answer.ok ? (await answer.json()).seconds : 0;
      if (left) renew(left);
      else leave();
    });
    document.querySelector("main").prepend(notice);
  };
  // A form that asks for it is sent as it stands: the portal keeps it until the person has signed in again.
  const leave = () => {
    clearInterval(clock);
    const form = document.querySelector("form[data-keep-at-end]");
    if (form) form.submit();
    else location.assign(source.dataset.end);
  };

  renew(seconds);
  document.addEventListener("htmx:afterRequest", () => renew(seconds));
  const clock = setInterval(() => {
    const left = (end() - Date.now()) / 1000;
    if (left <= 0) leave();
    else if (left > 120 && notice) renew(left);
    else if (left <= 120 && !notice) tell();
  }, 1000);
}
