// What stands between one element of the page and the module: the shadow root, the choice of tier, events, and
// everything the browser does better than wasm (Intl, clipboard, visibility).

import init, { Widget } from "./__GW_GLUE__";
import { watch } from "./guard.js";

const WASM = "__GW_WASM__";
const INTEGRITY = "__GW_INTEGRITY__";
const CSS = "__GW_CSS__";
const PARTED = 10_000;
const THEME = ["accent", "on-accent", "background", "text", "muted", "border", "radius", "font", "font-size"];

const live = new Map();
let sheet;
let module;
let ticket;

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Shows the widget in an element, or wakes the one that is there. */
export async function mount(element, context) {
  const known = live.get(element);
  if (known) return known.resume();
  if (ticket === undefined) ticket = context.ticket || "";
  const shown = new Shown(element, context);
  live.set(element, shown);
  element.goodwordAway = () => shown.pause();
  if (mayCompile()) await shown.inShadow();
  else shown.inFrame();
}

// A policy without 'wasm-unsafe-eval' refuses even eight bytes; so ask before fetching 60 kB.
function mayCompile() {
  try {
    return !!new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
  } catch {
    return false;
  }
}

async function fetchModule(host) {
  const get = () => fetch(`${host}/w/${WASM}`, { integrity: INTEGRITY, signal: AbortSignal.timeout?.(20_000) });
  const answer = await get().catch(() => sleep(500 + Math.random() * 1000).then(get));
  if (!answer.ok) throw new Error(`the module answered ${answer.status}`);
  return init({ module_or_path: answer });
}

watch((error) => {
  for (const shown of [...live.values()]) shown.fail("crashed", String(error));
});

const announce = () => {
  for (const shown of live.values()) shown.widget?.session();
};
addEventListener("storage", (event) => event.key?.startsWith("gw_token") && announce());
document.addEventListener("goodword-joined", announce);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => live.forEach((shown) => shown.contrast()));

class Shown {
  constructor(element, context) {
    this.element = element;
    this.context = context;
    this.kind = element.localName.replace("goodword-", "");
    this.near = true;
    this.wake = [];
    this.root = element.shadowRoot || element.attachShadow({ mode: "open" });
    this.dress();
    this.slot = document.createElement("slot");
    this.box = document.createElement("div");
    this.box.className = "gw";
    this.box.hidden = true;
    this.root.replaceChildren(namedSlot("header"), this.slot, this.box, namedSlot("footer"));
    this.observer = new IntersectionObserver((entries) => {
      this.near = entries[entries.length - 1].isIntersecting;
      this.stir();
    }, { rootMargin: "200px" });
    this.observer.observe(element);
    this.stir = this.stir.bind(this);
    document.addEventListener("visibilitychange", this.stir);
  }

  dress() {
    try {
      if (!sheet) {
        sheet = new CSSStyleSheet();
        sheet.replaceSync(CSS);
      }
      this.root.adoptedStyleSheets = [sheet];
    } catch {
      this.context.warn("this browser is too old for the widget's style sheet");
    }
  }

  // ---- the tier inside the page

  async inShadow() {
    try {
      await (module ||= fetchModule(this.context.host));
    } catch (error) {
      return this.fail("load", `${error}. Under a Content-Security-Policy add: connect-src ${this.context.host}`);
    }
    for (const type of ["click", "input", "change", "submit"]) {
      this.box.addEventListener(type, (event) => this.heard(event));
    }
    this.widget = new Widget(this.port(), this.box, this.kind);
  }

  // Events are delegated: Yew's own listeners are never removed when a component goes.
  heard(event) {
    try {
      const target = event.target.closest("[data-gw]");
      if (event.type == "submit") {
        event.preventDefault();
        this.widget.submit(Object.fromEntries(new FormData(event.target)));
        // A render away, what is wrong has its mark; the first such field is where to go on.
        setTimeout(() => this.box.querySelector("[aria-invalid=true]")?.focus());
      } else if (event.type != "click" && event.target.name) {
        this.widget.event("edit", event.target.name);
      } else if (event.type == "click" && target && target.localName == "button") {
        const { gw, text } = target.dataset;
        if (gw.startsWith("copy-")) this.copy(gw.slice(5), text);
        else this.widget.event(gw, text || "");
      }
    } catch (error) {
      this.context.warn(error);
    }
  }

  async copy(what, text) {
    let done = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      done = copyOldWay(this.root, text);
    }
    this.widget?.event(done ? "copied" : "copy-failed", what);
    if (done) this.emit("copied", { what, text });
  }

  // What the module may ask of the page.
  port() {
    const { context, element } = this;
    const lang = () => element.closest("[lang]")?.lang || navigator.language || "en";
    const format = (make) => {
      try {
        return make(lang());
      } catch {
        return make("en");
      }
    };
    return {
      key: context.key || "",
      host: context.host,
      program: element.getAttribute("program") || context.program || "",
      code: element.getAttribute("code") || "",
      page: context.href || location.origin + location.pathname + location.search,
      lang: lang(),
      click: () => context.page.referral?.clickId || "",
      ticket: () => {
        const taken = ticket;
        ticket = "";
        return taken || "";
      },
      money: (decimal, exponent, currency) =>
        format((l) =>
          new Intl.NumberFormat(l, {
            style: "currency", currency, minimumFractionDigits: exponent, maximumFractionDigits: exponent,
          }).format(decimal)),
      number: (value) => format((l) => new Intl.NumberFormat(l).format(value)),
      date: (text) =>
        text.replace(/`|\d{4}-\d\d-\d\dT[\d:.]+Z/g, (instant) =>
          instant == "`" ? "" : format((l) => new Intl.DateTimeFormat(l, { dateStyle: "medium" }).format(new Date(instant)))),
      now: () => Math.floor(Date.now() / 1000),
      jitter: () => sleep(300 + Math.random() * 700),
      tick: (ms) => this.tick(ms),
      emit: (name, detail) => this.emit(name, detail),
      filed: () => this.box.querySelector("form")?.reset(),
      changed: announce,
      ready: () => this.ready(),
      fail: (code, message) => this.fail(code, message),
    };
  }

  ready() {
    if (this.slot.hidden) return;
    this.slot.hidden = true;
    this.box.hidden = false;
    this.contrast();
    this.emit("ready", { element: this.kind });
  }

  // The owner's accent may be any colour; the text on it is the one of black and white that can be read.
  contrast() {
    const own = getComputedStyle(this.element).getPropertyValue("--goodword-on-accent").trim();
    const [r, g, b] = own ? [] : rgb(getComputedStyle(this.box).getPropertyValue("--accent"));
    this.box.style.removeProperty("--on-accent");
    if (r === undefined) return;
    const [x, y, z] = [r, g, b].map((c) => (c / 255 > 0.04045 ? ((c / 255 + 0.055) / 1.055) ** 2.4 : c / 255 / 12.92));
    this.box.style.setProperty("--on-accent", 0.2126 * x + 0.7152 * y + 0.0722 * z > 0.179 ? "#000" : "#fff");
  }

  emit(name, detail) {
    this.context.emit(this.element, name, detail);
  }

  // ---- life

  active() {
    return this.near && this.element.isConnected && document.visibilityState == "visible";
  }

  stir() {
    if (this.active()) this.wake.splice(0).forEach((go) => go(true));
  }

  /** Waits so long, and then until somebody can see it; false when it is over. */
  async tick(ms) {
    await sleep(ms);
    if (this.over) return false;
    return this.active() || new Promise((go) => this.wake.push(go));
  }

  pause() {
    clearTimeout(this.parting);
    this.parting = setTimeout(() => this.element.isConnected || this.end(), PARTED);
  }

  resume() {
    clearTimeout(this.parting);
    this.stir();
  }

  end() {
    this.over = true;
    clearTimeout(this.parting);
    this.wake.splice(0).forEach((go) => go(false));
    this.observer.disconnect();
    document.removeEventListener("visibilitychange", this.stir);
    if (this.heed) removeEventListener("message", this.heed);
    if (this.refused) document.removeEventListener("securitypolicyviolation", this.refused);
    live.delete(this.element);
    const { widget } = this;
    this.widget = null;
    widget?.destroy();
    this.box.remove();
    this.slot.hidden = false;
  }

  fail(code, message) {
    if (this.over) return;
    this.box.hidden = true;
    this.slot.hidden = false;
    this.context.warn(message);
    this.emit("error", { code, message });
    if (code == "crashed" || code == "load" || code == "frame") {
      this.widget = null;
      this.end();
      live.set(this.element, { resume() {}, contrast() {}, fail() {} });
    }
  }

  // ---- the tier in a frame of our own origin

  inFrame() {
    const { host, key, program, page } = this.context;
    const query = new URLSearchParams({
      element: this.kind, pk: key || "", programId: this.element.getAttribute("program") || program || "",
      code: this.element.getAttribute("code") || "", lang: this.element.closest("[lang]")?.lang || "",
      theme: this.element.getAttribute("theme") || "", click: page.referral?.clickId || "",
      origin: location.origin, page: location.origin + location.pathname + location.search,
    });
    const style = getComputedStyle(this.element);
    for (const name of THEME) {
      const value = style.getPropertyValue("--goodword-" + name).trim();
      if (value) query.set("--goodword-" + name, value);
    }
    const frame = document.createElement("iframe");
    frame.title = { join: "Become a partner", share: "Your referral page", signup: "Sign up" }[this.kind];
    frame.src = `${host}/embed/frame?${query}${ticket ? "#gw_ticket=" + ticket : ""}`;
    ticket = "";
    frame.allow = "clipboard-write";
    this.box.hidden = false;
    this.box.className = "frame";
    this.box.append(frame);
    const lost = () => this.fail("frame", `neither WebAssembly nor a frame is allowed here. To the page's Content-Security-Policy add: ${directives(host)}; or frame-src ${host}`);
    const late = setTimeout(lost, 12_000);
    this.refused = (event) => event.effectiveDirective == "frame-src" && event.blockedURI.startsWith(host) && lost();
    document.addEventListener("securitypolicyviolation", this.refused);
    this.heed = (event) => this.fromFrame(event, frame, late);
    addEventListener("message", this.heed);
  }

  fromFrame(event, frame, late) {
    const { data, origin, source } = event;
    if (source !== frame.contentWindow || origin !== new URL(this.context.host, location.href).origin) return;
    if (!data || typeof data != "object" || typeof data.goodword != "string") return;
    if (data.goodword == "height" && data.height >= 0 && data.height < 10_000) frame.style.height = Math.ceil(data.height) + "px";
    if (!["ready", "joined", "lead", "copied", "error"].includes(data.goodword)) return;
    clearTimeout(late);
    if (data.goodword == "ready") advise(this.context);
    this.slot.hidden = data.goodword != "error" || this.slot.hidden;
    this.emit(data.goodword, data.detail);
  }
}

const directives = (host) => `script-src ${host} 'wasm-unsafe-eval'; connect-src ${host}`;

// Once a page: it works, though not as well as it could.
let advised;
function advise({ host, warn }) {
  if (!advised) warn(`the page's Content-Security-Policy refuses WebAssembly, so a frame is used. To avoid it add: ${directives(host)}`);
  advised = true;
}

function namedSlot(name) {
  const slot = document.createElement("slot");
  slot.name = name;
  return slot;
}

function copyOldWay(root, text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "offscreen";
  root.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

// Any CSS colour, as the browser paints it.
function rgb(color) {
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!pen || !color.trim()) return [];
  pen.fillStyle = color.trim();
  pen.fillRect(0, 0, 1, 1);
  return [...pen.getImageData(0, 0, 1, 1).data];
}
