// The page inside the frame, on our own origin: one element, its height told to the page around it.

import { mount } from "./__GW_WIDGET__";

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

// Only to the page that named itself; another one embedding us hears nothing. Nothing is listened to.
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

if (kind) {
  const ticket = (/[#&]gw_ticket=([\w.~-]+)/.exec(location.hash) || [])[1];
  if (ticket) history.replaceState(null, "", location.pathname + location.search);
  const element = document.createElement("goodword-" + kind);
  dress(element);
  document.body.append(element);
  new ResizeObserver(() => tell({ goodword: "height", height: document.documentElement.getBoundingClientRect().height })).observe(
    document.documentElement,
  );
  const emit = (target, name, detail) => {
    target.dispatchEvent(new CustomEvent("goodword-" + name, { detail, bubbles: true, composed: true }));
    tell({ goodword: name, detail });
  };
  const context = {
    // Behind a proxy there may be a path before ours.
    host: new URL("..", location).href.replace(/\/$/, ""),
    key: query.get("pk"),
    program: query.get("programId"),
    href: query.get("page"),
    page: { referral: query.get("click") ? { clickId: query.get("click") } : null },
    ticket,
    emit,
    warn: (text) => console.warn("Goodword:", text),
  };
  mount(element, context).catch((error) => emit(element, "error", { code: "load", message: String(error) }));
}
