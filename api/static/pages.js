// What the pages do beyond plain forms and links: nothing here is needed, everything here helps.
// A form is sent once, whatever is clicked; while the house does not answer it waits on the page and is sent again;
// whatever shows live data asks for it again when something has moved.
"use strict";

const AGAIN_AFTER = 3000;
const away = () => document.getElementById("away");

function say(isAway) {
  const line = away();
  if (line) line.hidden = !isAway;
}

async function reach(address) {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (answer.status >= 502) throw new Error("away");
}

// Wait until the house answers, then send the form as if nothing had been. Its key makes twice once.
async function sendWhenReached(form, button) {
  for (;;) {
    try {
      await reach("/health/live");
      say(false);
      break;
    } catch {
      say(true);
      await new Promise((wait) => setTimeout(wait, AGAIN_AFTER));
    }
  }
  form.dataset.reached = "yes";
  if (button && button.isConnected) form.requestSubmit(button);
  else form.requestSubmit();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (!form.dataset.reached) {
    event.preventDefault();
    if (form.dataset.waiting) return;
    form.dataset.waiting = "yes";
    const button = event.submitter;
    sendWhenReached(form, button).finally(() => delete form.dataset.waiting);
    return;
  }
  delete form.dataset.reached;
  form.dataset.sent = "yes";
  // Disabled after the browser has read the form, so that the value of the button itself is sent.
  setTimeout(() => form.querySelectorAll("button").forEach((one) => (one.disabled = true)));
});

// Coming back by the back button: the page is asked for again, so that it shows what has been done since.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

// What an address points at is seen: a fold opens.
const pointed = location.hash && document.getElementById(location.hash.slice(1));
if (pointed instanceof HTMLDetailsElement) pointed.open = true;

// What is wrong is read out, and seen.
document.getElementById("trouble")?.focus();

// A draft that cannot be saved says so; it is saved with the next letter typed.
document.addEventListener("htmx:error", () => say(true));
document.addEventListener("htmx:after:request", () => say(false));

// Live pages: `data-moves` names a stream of versions; each new one is an event that htmx listens to. The stream ends
// now and then and is asked for again; only one that stays away is worth a word. Refused for good, the session has ended.
for (const live of document.querySelectorAll("[data-moves]")) {
  const stream = new EventSource(live.dataset.moves);
  let first = true;
  let silent;
  stream.addEventListener("moved", () => {
    if (!first) live.dispatchEvent(new Event("moved"));
    first = false;
  });
  stream.addEventListener("open", () => {
    clearTimeout(silent);
    say(false);
  });
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED) location.reload();
    clearTimeout(silent);
    silent = setTimeout(() => say(true), 2 * AGAIN_AFTER);
  });
}

// A form of one file, where several can be chosen: they are sent one after the other, each with a key of its own. What
// is too large is said before it is sent; what breaks off is named, and can be sent again.
for (const form of document.querySelectorAll("form[data-several]")) {
  const input = form.querySelector('input[type="file"]');
  const told = form.dataset;
  input.multiple = true;
  input.addEventListener("change", () => {
    const large = [...input.files].find((file) => file.size > Number(told.most));
    input.setCustomValidity(large ? `${large.name}: ${told.tooLarge}` : "");
    input.reportValidity();
  });
  form.addEventListener("submit", (event) => {
    if (input.files.length < 2) return;
    event.preventDefault();
    event.stopPropagation();
    if (!form.dataset.sent) sendOneByOne(form, [...input.files]);
  });
}

async function sendOneByOne(form, files) {
  form.dataset.sent = "yes";
  form.querySelectorAll("button").forEach((one) => (one.disabled = true));
  form.querySelector(".sending")?.remove();
  const list = form.appendChild(document.createElement("ul"));
  list.className = "sending";
  list.setAttribute("role", "status");
  const key = form.elements.key.value;
  let whole = true;
  for (const [number, file] of files.entries()) {
    const line = list.appendChild(document.createElement("li"));
    line.textContent = `${file.name}: ${form.dataset.going}`;
    const { come, words } = await sendOne(form, file, `${key}-${number}`);
    line.textContent = `${file.name}: ${words}`;
    line.className = come ? "" : "wrong";
    whole = whole && come;
  }
  if (whole) {
    location.assign(form.action);
    return;
  }
  delete form.dataset.sent;
  form.querySelectorAll("button").forEach((one) => (one.disabled = false));
}

// Whether a file that was sent has come, and what the house says of it: that it is there, was there, or why it is not.
async function sendOne(form, file, key) {
  const body = new FormData();
  body.append("mark", form.elements.mark.value);
  body.append("key", key);
  body.append("file", file);
  try {
    const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.ok) {
      showFiles(form, page);
      return { come: true, words: page.querySelector("p.said")?.textContent.trim() || form.dataset.there };
    }
    return { come: false, words: troubleOf(page) ?? form.dataset.broken };
  } catch {
    return { come: false, words: form.dataset.broken };
  }
}

// What the answer says is wrong: its block of troubles, and nothing else of its page. A whole page of trouble has none:
// there it is the one sentence under its heading.
function troubleOf(page) {
  const block = page.getElementById("trouble");
  const lines = block ? block.querySelectorAll("li") : page.querySelectorAll("main > .narrow.card > h1 + p");
  const said = lines.length || !block ? [...lines] : [...block.querySelectorAll("p")];
  return said.map((one) => one.textContent.trim()).join(" ") || null;
}

// The files that have come, and where their piece stands, as the answer shows them.
function showFiles(form, page) {
  const here = form.closest("[id]");
  const there = here && page.getElementById(here.id);
  if (!there) return;
  for (const part of [".files", ":scope > summary"]) {
    const fresh = there.querySelector(part);
    const known = here.querySelector(part);
    if (fresh && known) known.replaceWith(fresh);
    else if (fresh) form.before(fresh);
  }
}

// On a narrow screen the menu is one row that moves sideways: where one is, is in sight.
{
  const menu = document.querySelector(".top nav");
  const here = menu && menu.querySelector("[aria-current]");
  if (here) menu.scrollLeft = here.offsetLeft - (menu.clientWidth - here.offsetWidth) / 2;
}
