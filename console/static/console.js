// What every page needs: the token against foreign pages, errors told, choices applied.
"use strict";

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="csrf"]').content;
  if (token) event.detail.headers["X-CSRF-Token"] = token;
});

function tell(words) {
  const notice = document.getElementById("notice");
  notice.textContent = words;
  notice.hidden = false;
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => { notice.hidden = true; }, 8000);
}

document.addEventListener("htmx:responseError", (event) => {
  const answer = event.detail.xhr.responseText;
  try {
    tell(JSON.parse(answer).message);
  } catch {
    tell(document.getElementById("notice").dataset.lost);
  }
});

document.addEventListener("htmx:sendError", () => {
  tell(document.getElementById("notice").dataset.lost);
});

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu.contains(except)) continue;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
}

document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeMenus(null); });

document.addEventListener("DOMContentLoaded", () => {
  for (const part of document.querySelectorAll("[data-hidden-with-script]")) part.hidden = true;
  const preferences = document.querySelector("form.preferences");
  if (preferences) preferences.addEventListener("change", () => preferences.requestSubmit());
});
