// The workbench's one module. Pages work without it; with it they swap in what changed, answer to
// keys, follow what others do, and move numbers by dragging. It renders nothing itself: all that
// is shown comes from the server as HTML.

const PARTS = ["top", "head", "steps", "view", "evidence"];
const TYPING = "input:not([type=range]):not([type=checkbox]):not([type=submit]), textarea, select";
const page = () => document.body.dataset;
let asked = 0; // newest request; answers to older ones are dropped
let stop = null;

// --- fetching pages and swapping their parts in

async function visit(url, options = {}) {
  const mine = ++asked;
  stop?.abort();
  stop = new AbortController();
  document.documentElement.setAttribute("aria-busy", "true");
  try {
    const headers = {"X-Treves-CSRF": page().csrf || ""};
    const answer = await fetch(url, {...options.request, headers, signal: stop.signal});
    const text = await answer.text();
    if (mine !== asked) return false;
    if (!(answer.headers.get("content-type") || "").includes("text/html")) {
      location.href = url;
      return false;
    }
    swap(new DOMParser().parseFromString(text, "text/html"), options);
    const here = answer.headers.get("X-Treves-Url") || answer.url;
    if (!options.quiet) history[options.replace ? "replaceState" : "pushState"]({}, "", here);
    if (options.after) options.after(answer.ok);
    return true;
  } catch (error) {
    if (error.name !== "AbortError") tell("The workbench does not answer. Is it still running?");
    return false;
  } finally {
    if (mine === asked) {
      stop = null;
      document.documentElement.removeAttribute("aria-busy");
      catchUp();
    }
  }
}

function swap(next, options) {
  const keep = focusMark();
  const opened = [...document.querySelectorAll("#view details[open] > summary")].map(said);
  const scrolled = [...document.querySelectorAll("#view .scroll, #view .text")].map((e) => e.scrollLeft);
  const dossier = page().dossier;
  const notice = document.getElementById("notice");
  document.title = next.title;
  for (const [name, value] of Object.entries(next.body.dataset)) page()[name] = value;
  const sheet = next.querySelector("link[rel=stylesheet]");
  const mine = document.querySelector("link[rel=stylesheet]");
  if (sheet && mine && sheet.getAttribute("href") !== mine.getAttribute("href"))
    mine.setAttribute("href", sheet.getAttribute("href"));
  if (PARTS.some((id) => !next.getElementById(id) !== !document.getElementById(id))) {
    document.body.replaceChildren(...next.body.childNodes);
  } else {
    for (const id of options.only || PARTS) {
      const from = next.getElementById(id), to = document.getElementById(id);
      if (from && to && from.outerHTML !== to.outerHTML) to.replaceWith(document.adoptNode(from));
    }
  }
  const told = document.getElementById("notice");
  if (options.keep && notice && told && !said(told)) told.replaceWith(notice);
  for (const fold of document.querySelectorAll("#view details:not([open])"))
    if (options.stay && opened.includes(said(fold.firstElementChild))) fold.open = true;
  document.querySelectorAll("#view .scroll, #view .text").forEach((e, k) => (e.scrollLeft = scrolled[k] || 0));
  if (options.focus) options.focus();
  else if (options.stay || !focusView()) restore(keep);
  ready();
  if (page().dossier !== dossier) listen();
}

const said = (element) => element?.textContent.trim() || "";

// What has the focus, described so that it can be found again after a swap.
function focusMark() {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const range = at.matches("input[type=text], input:not([type]), textarea") ? at.selectionStart : null;
  return {id: at.id, href: at.getAttribute("href"), text: said(at), tag: at.tagName, range};
}

function restore(mark) {
  if (!mark) return;
  let found = mark.id && document.getElementById(mark.id);
  found ||= mark.href && document.querySelector(`a[href="${CSS.escape(mark.href)}"]`);
  found ||= [...document.querySelectorAll(mark.tag)].find((e) => mark.text && said(e) === mark.text);
  found?.focus({preventScroll: true});
}

function focusView() {
  const view = document.getElementById("view");
  view?.focus({preventScroll: true});
  scrollTo(0, 0);
  return view;
}

function tell(words) {
  const notice = document.getElementById("notice");
  if (!notice) return;
  const line = document.createElement("p");
  line.textContent = words;
  notice.replaceChildren(line);
}

// --- links and forms

const viewOf = (url) => new URL(url, location.href).pathname;

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const url = new URL(link.href);
  if (url.origin !== location.origin || link.hasAttribute("download")) return;
  if (url.pathname === location.pathname && url.search === location.search && url.hash) return;
  if (!(url.pathname === "/" || url.pathname.startsWith("/d/"))) return;
  event.preventDefault();
  follow(link);
});

function follow(link) {
  const same = viewOf(link.href) === location.pathname;
  visit(link.href, {stay: same, after: same ? reveal : null});
}

// After a selection: bring what is selected into sight; where the evidence stands below the view
// and not beside it, bring that.
function show() {
  const now = document.querySelector("#view [aria-current=true]:not(nav *)");
  const beside = matchMedia("(min-width: 1101px)").matches;
  if (beside) now?.scrollIntoView({block: "nearest"});
}

function reveal(ok) {
  show(ok);
  if (!matchMedia("(min-width: 1101px)").matches) document.getElementById("evidence")?.scrollIntoView();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if ("plain" in form.dataset) return;
  event.preventDefault();
  send(form, event.submitter);
});

function send(form, submitter) {
  const data = new FormData(form, submitter);
  const action = submitter?.getAttribute("formaction") || form.getAttribute("action");
  const stay = viewOf(action).startsWith(location.pathname.split("/").slice(0, 4).join("/"));
  if (form.method === "get") {
    const url = new URL(action, location.href);
    url.search = new URLSearchParams(data).toString();
    const cell = form.querySelector("[data-row]");
    if (cell) return propose(cell, url);
    return visit(url, {stay: true});
  }
  if (form.dataset.takes)
    for (const [name, value] of new FormData(document.getElementById(form.dataset.takes))) data.set(name, value);
  const files = form.enctype === "multipart/form-data";
  const body = files ? data : new URLSearchParams(data);
  return visit(form.getAttribute("action"), {request: {method: "POST", body}, stay, after: show});
}

addEventListener("popstate", () => visit(location.href, {quiet: true, stay: true}));

// --- keys

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const at = document.activeElement;
  if (event.key === "Escape") return leave(at);
  if (at?.matches?.("[data-row]")) return walk(event, at);
  if (at?.matches?.(TYPING)) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("summary")) return unfold(target.parentElement);
  if (target.matches("a")) return follow(target);
  target.click();
});

function unfold(details) {
  details.open = !details.open;
  const first = details.open && details.querySelector("form input:not([type=hidden]), form select");
  (first || details.firstElementChild).focus();
}

function leave(at) {
  const help = document.getElementById("help");
  if (help?.open) help.open = false;
  if (at?.matches?.("#evidence *")) {
    const cell = document.querySelector("[data-row][aria-current=true]");
    if (cell) cell.value = cell.dataset.was;
    (cell || document.querySelector("#view [aria-current=true]") || document.getElementById("view"))?.focus();
  } else if (at?.matches?.("[data-row]")) {
    at.value = at.dataset.was;
  } else at?.blur?.();
}

// --- the table of numbers

function walk(event, cell) {
  const row = +cell.dataset.row, column = +cell.dataset.column;
  const ends = cell.selectionStart === cell.selectionEnd;
  const step = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: ends && cell.selectionStart === 0 ? [0, -1] : null,
    ArrowRight: ends && cell.selectionEnd === cell.value.length ? [0, 1] : null,
  }[event.key];
  if (!step) return;
  const table = cell.closest("table");
  let next = table.querySelector(`[data-row="${row + step[0]}"][data-column="${column + step[1]}"]`);
  if (!next && step[0]) {
    // over the edge of a table into the next one
    const tables = [...document.querySelectorAll("table.grid")];
    const other = tables[tables.indexOf(table) + step[0]];
    const cells = other ? [...other.querySelectorAll(`[data-column="${column}"]`)] : [];
    next = step[0] > 0 ? cells[0] : cells.at(-1);
  }
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.select();
}

// Focus on a cell shows what its number rests on; the table itself stays as it is.
let resting = 0;
document.addEventListener("focusin", (event) => {
  const cell = event.target.closest?.("[data-row]");
  clearTimeout(resting);
  if (!cell || cell.getAttribute("aria-current") === "true") return;
  const path = cell.form.elements.path.value;
  resting = setTimeout(async () => {
    if (cell.value !== cell.dataset.was) return;
    const url = new URL(cell.form.action);
    url.search = new URLSearchParams({path}).toString();
    document.querySelector("[data-row][aria-current]")?.removeAttribute("aria-current");
    cell.setAttribute("aria-current", "true");
    await visit(url, {only: ["evidence"], stay: true, replace: true, focus: () => {}});
  }, 250);
});

// A number that was typed: the server says what it would do, and asks for the reason.
function propose(cell, url) {
  clearTimeout(resting);
  const focus = () => {
    const wrong = document.querySelector("#evidence [data-invalid]");
    const again = document.getElementById(cell.id);
    again?.setAttribute("aria-invalid", wrong ? "true" : "false");
    (wrong ? again : document.getElementById("why") || again)?.focus();
  };
  visit(url, {stay: true, replace: true, focus});
}

document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.matches("[data-row]") && field.value !== field.dataset.was) field.form.requestSubmit();
  else if (field.closest("form[data-now]")) field.form.requestSubmit();
});

// --- dragging on an issue line: the dot is the position, the strokes are the edges

let drag = null;

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest?.("figure.line [data-path]");
  if (!handle || event.button) return;
  event.preventDefault();
  const svg = handle.ownerSVGElement;
  const point = (e) => {
    const p = new DOMPoint(e.clientX, e.clientY).matrixTransform(svg.getScreenCTM().inverse());
    const [left, right] = handle.dataset.scale.split(" ").map(Number);
    return Math.round(Math.min(100, Math.max(0, (100 * (p.x - left)) / (right - left))));
  };
  drag = {handle, point, start: point(event), value: null};
  handle.setPointerCapture(event.pointerId);
});

document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  drag.value = drag.point(event);
  const [left, right] = drag.handle.dataset.scale.split(" ").map(Number);
  const shift = ((drag.value - drag.start) * (right - left)) / 100;
  drag.handle.setAttribute("transform", `translate(${shift} 0)`);
});

document.addEventListener("pointerup", () => {
  if (!drag) return;
  const {handle, value, start} = drag;
  drag = null;
  if (value === null || value === start) return handle.removeAttribute("transform");
  const cell = document.getElementById(`n-${handle.dataset.path}`);
  if (!cell) return;
  if (handle.dataset.edge) {
    const ends = cell.dataset.was.split(" to ");
    ends[handle.dataset.edge === "low" ? 0 : 1] = String(value);
    cell.value = ends.join(" to ");
  } else cell.value = String(value);
  cell.form.requestSubmit();
});

// --- sliders: the odds follow while they move

let sliding = null, again = null;

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-live]");
  if (!form) return;
  const output = event.target.parentElement.querySelector("output");
  if (output) output.value = String(+(+event.target.value).toPrecision(3));
  again = form;
  if (!sliding) sliding = slide();
});

async function slide() {
  while (again) {
    const form = again;
    again = null;
    const changed = new URLSearchParams();
    for (const [name, value] of new FormData(form))
      if (form.elements[name].dataset?.was !== value) changed.set(name, value);
    try {
      const answer = await fetch(`${form.dataset.live}?${changed}`);
      const text = await answer.text();
      if (answer.ok && !again) {
        const next = new DOMParser().parseFromString(text, "text/html");
        document.getElementById("odds")?.replaceChildren(...next.body.childNodes);
        history.replaceState({}, "", `${form.getAttribute("action")}?${changed}`);
      }
    } catch {
      tell("The workbench does not answer. Is it still running?");
    }
  }
  sliding = null;
}

// --- what others do, and how far long work is

let stream = null;
let newest = 0; // the version that the server told of last
let due = null; // what to fetch once nothing is under way

// Fetch what others changed, but never in the way of something that is under way.
function catchUp() {
  if (stop) return;
  const parts = due;
  due = null;
  if (newest > +page().version) renew();
  else if (parts) renew(parts === "all" ? null : parts);
}

function listen() {
  stream?.close();
  stream = null;
  const dossier = page().dossier;
  if (!dossier || !window.EventSource) return;
  stream = new EventSource(`/api/dossiers/${encodeURIComponent(dossier)}/events`);
  stream.addEventListener("changed", (event) => {
    newest = +JSON.parse(event.data).version;
    if (document.querySelector("#head[data-computing]")) renew(["top", "head", "steps"]);
    else catchUp();
  });
  stream.addEventListener("job", (event) => progress(JSON.parse(event.data)));
  // what ended before the stream was open is asked for once
  stream.onopen = async () => {
    for (const box of document.querySelectorAll("[data-job]")) {
      const answer = await fetch(`/api/jobs/${encodeURIComponent(box.dataset.job)}`);
      if (answer.ok) progress(await answer.json());
    }
  };
}

// Something changed elsewhere: fetch the view again, but never from under somebody who types.
function renew(only = null) {
  if (stop) {
    due = only || "all";
    return;
  }
  const typing = [...document.querySelectorAll(`#view :is(${TYPING}), #evidence :is(${TYPING})`)].some(
    (field) => field.type !== "hidden" && !field.matches("select") && field.value !== (field.dataset.was ?? field.defaultValue));
  visit(location.href, {stay: true, quiet: true, keep: true, only: typing ? ["top", "head", "steps"] : only});
}

function progress(job) {
  const box = document.querySelector(`[data-job="${CSS.escape(job.id)}"]`);
  if (["done", "failed", "cancelled"].includes(job.state)) {
    if (box) renew();
    return;
  }
  if (!box) {
    if (job.state === "running" && !stop && !document.querySelector("[data-job]")) renew();
    return;
  }
  box.querySelector("p").textContent = job.words || job.what;
  const bar = box.querySelector("progress");
  if (job.progress !== null && job.progress !== undefined) bar.value = job.progress;
}

function ready() {
  document.querySelectorAll("[aria-current=true]").forEach((e) => {
    const box = e.closest(".text");
    if (box) e.scrollIntoView({block: "nearest"});
  });
}

ready();
listen();
document.documentElement.dataset.ready = "";
