// The page inside the frame, on our own origin: one element, its height told to the page around it.

import { identify, mount } from "./__GW_WIDGET__";

const query = new URLSearchParams(location.search);
const kind = ["join", "share", "signup", "offer", "leaderboard"].find((name) => name == query.get("element"));
const around = origin(query.get("origin"));

function origin(text) {
  try {
    const url = new URL(text);
    return /^https?:$/.test(url.protocol) ? url.origin : "";
  } catch {
    return "";
  }
}

// Only to the page that named itself; another one embedding us hears nothing.
function tell(message) {
  if (around && parent !== window) parent.postMessage(message, around);
}

function dress(element) {
  for (const [name, value] of query) {
    const property = { "--goodword-radius": "border-radius", "--goodword-font": "font-family", "--goodword-font-size": "font-size" }[name] || "color";
    if (/^--goodword-[a-z-]{1,20}$/.test(name) && CSS.supports(property, value)) element.style.setProperty(name, value);
  }
  for (const name of ["theme", "code", "period"]) if (query.get(name)) element.setAttribute(name, query.get(name));
  if (query.get("lang")) document.documentElement.lang = query.get("lang");
}

// The page's own words; the widget shows them as text.
function texts(json) {
  try {
    return Object.fromEntries(Object.entries(JSON.parse(json)).filter(([, text]) => typeof text == "string"));
  } catch {
    return {};
  }
}

// What the page around may tell of ours: only one of our own origin, the console, which shows settings that are not saved yet.
let preview = null;
function heed({ origin: from, source, data }) {
  if (from != location.origin || source != parent || data?.goodword != "preview" || !data.widget) return;
  preview = data.widget;
  show();
}

const told = new URLSearchParams(location.hash.slice(1));
history.replaceState(null, "", location.pathname + location.search);
const identity = told.get("gw_identity");
const tellHeight = () => tell({ goodword: "height", height: document.documentElement.getBoundingClientRect().height });
const emit = (target, name, detail) => {
  // Before the news: who scrolls to us on `ready` is to find us at our height, not at none.
  tellHeight();
  target.dispatchEvent(new CustomEvent("goodword-" + name, { detail, bubbles: true, composed: true }));
  tell({ goodword: name, detail });
};
let context;
let element;

function show() {
  const first = !element;
  element?.remove();
  element?.goodwordAway?.();
  element = document.createElement("goodword-" + kind);
  dress(element);
  element.texts = texts(told.get("gw_texts"));
  document.body.append(element);
  context = {
    // Behind a proxy there may be a path before ours.
    host: new URL("..", location).href.replace(/\/$/, ""),
    key: query.get("pk"),
    program: query.get("programId"),
    href: query.get("page"),
    page: { referral: query.get("click") ? { clickId: query.get("click") } : null },
    ticket: told.get("gw_ticket"),
    seen: () => told.get("gw_visitor") || "",
    pour: (value) => tell({ goodword: "fill", value }),
    emit,
    preview,
    warn: (text) => console.warn("Goodword:", text),
  };
  if (first && identity) identify(identity, context);
  mount(element, context).catch((error) => emit(element, "error", { code: "load", message: String(error) }));
}

if (kind) {
  new ResizeObserver(tellHeight).observe(document.documentElement);
  if (query.has("preview")) {
    addEventListener("message", heed);
    tell({ goodword: "waiting" });
  } else show();
}
