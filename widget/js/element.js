// What stands between one element of the page and the module: the shadow root, the choice of tier, events, life.
// What the module asks for (requests, the session, texts, Intl) is in port.js.

import init, { Library, Widget } from "./__GW_GLUE__";
import { watch } from "./guard.js";
import { Port, sleep } from "./port.js";

// The module is named as this script is.
const WASM = import.meta.url.replace(/js\??$/, "wasm");
const INTEGRITY = "__GW_INTEGRITY__";
const CSS = "__GW_CSS__";
const VIEWS = "__GW_VIEWS__";
// What only some elements need, fetched with them.
const MORE = { share: "__GW_SHARE__", offer: "__GW_SHOW__", leaderboard: "__GW_SHOW__" };
const PRESETS = ["plain", "warm", "bold"];
const PARTED = 10_000;
const THEME = ["accent", "on-accent", "background", "soft", "text", "muted", "border", "radius", "font", "font-size"];

const live = new Map();
const libraries = {};
const base = () => (libraries[""] ||= new Library(VIEWS));
const sheets = {};
let module;
let ticket;

/** Shows the widget in an element, or wakes the one that is there. */
export async function mount(element, context) {
  const known = live.get(element);
  if (known) return known.resume();
  if (ticket === undefined) ticket = context.ticket || "";
  context.page ||= window.Goodword;
  const shown = new Shown(element, context);
  live.set(element, shown);
  element.goodwordAway = () => shown.pause();
  if (mayCompile()) return shown.inShadow();
  // What cannot be used is not fetched to its end.
  context.wasm?.then(({ body }) => body.cancel()).catch(() => 0);
  shown.inFrame();
}

let identity;
let identified;

/** The vendor says who is signed in there: all elements go by it. */
export function identify(token, context) {
  if (token != identity) {
    identity = token;
    identified = new Port({ context, announce }).trade("identify", { token });
  }
  return identified;
}

// A policy without 'wasm-unsafe-eval' refuses even eight bytes; so ask before fetching 50 kB.
function mayCompile() {
  try {
    return !!new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
  } catch {
    return false;
  }
}

// The loader has sent for the module already, but within a frame; what failed is asked for once more.
async function fetchModule({ wasm }) {
  const get = () => fetch(WASM, { integrity: INTEGRITY, signal: AbortSignal.timeout?.(20_000) });
  const late = sleep(20_000).then(() => Promise.reject(new Error("the module did not come")));
  late.catch(() => 0);
  const answer = await Promise.race([wasm || get(), late]).catch(() => sleep(500 + Math.random() * 1000).then(get));
  if (!answer.ok) throw new Error(`the module answered ${answer.status}`);
  return init({ module_or_path: answer });
}

watch((error) => {
  for (const shown of [...live.values()]) shown.fail("crashed", String(error));
});

const announce = () => {
  for (const shown of live.values()) shown.port?.session();
};
addEventListener("storage", (event) => event.key?.startsWith("gw_token") && announce());
document.addEventListener("goodword-joined", announce);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => live.forEach((shown) => shown.contrast()));

class Shown {
  constructor(element, context) {
    this.element = element;
    this.context = context;
    this.kind = element.localName.replace("goodword-", "");
    this.announce = announce;
    this.near = true;
    this.wake = [];
    this.root = element.shadowRoot || element.attachShadow({ mode: "open" });
    this.dress("", CSS);
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

  dress(name, css) {
    try {
      if (!sheets[name]) (sheets[name] = new CSSStyleSheet()).replaceSync(css);
      this.root.adoptedStyleSheets = name ? [sheets[""], sheets[name]] : [sheets[""]];
    } catch {
      this.context.warn("this browser is too old for the widget's style sheet");
    }
  }

  // ---- the tier inside the page

  async inShadow() {
    const { context, kind } = this;
    const { host } = context;
    const port = new Port(this, ticket);
    ticket = "";
    // All at once: the module, what the element needs besides, its language, the program.
    const config = Promise.resolve(identified).then(() => port.config());
    // The first amount that a page formats may take a browser 30 ms: they pass while the network is waited for.
    setTimeout(() => {
      try {
        port.intl((l) => new Intl.NumberFormat(l, { style: "currency", currency: "EUR" }).format(0));
      } catch {
        // A page may have put its own in the place of the browser's: it is met again, where it counts.
      }
    });
    let more;
    try {
      port.besides = MORE[kind] && import(`${host}/w/${MORE[kind]}`);
      [more] = await Promise.all([port.besides, (module ||= fetchModule(context)), port.learn()]);
    } catch (error) {
      return this.fail("load", `${error}. Under a Content-Security-Policy add: connect-src ${host}`);
    }
    if (more) this.dress(kind, more.CSS);
    for (const type of ["click", "input", "change", "submit"]) {
      this.box.addEventListener(type, (event) => this.heard(event));
    }
    port.more = more?.begin(port, this);
    const library = (libraries[kind] ||= more ? base().with(more.VIEWS) : base());
    const session = await port.settle(config);
    if (session === undefined || this.over) return;
    this.port = port;
    this.box.lang = port.lang;
    this.box.dir = /^ar/.test(port.lang) ? "rtl" : "ltr";
    this.adorn(port.data);
    this.widget = new Widget(port, this.box, kind, library);
    port.act("configured", session);
  }

  // Events are delegated: Yew's own listeners are never removed when a component goes.
  heard(event) {
    try {
      const { port } = this;
      const { type, target } = event;
      const button = target.closest("[data-gw]");
      if (type == "submit") {
        event.preventDefault();
        port.submit(target);
        // A render away, what is wrong has its mark; the first such field is where to go on.
        setTimeout(() => this.box.querySelector("[aria-invalid=true]")?.focus());
      } else if (type != "click" && target.name) {
        port.edited(target);
      } else if (type == "click" && button?.localName == "button") {
        const { gw, text } = button.dataset;
        if (gw.startsWith("copy-")) this.copy(gw, text);
        else if (port.more?.[gw]) port.more[gw](text, button);
        else port.act(gw, text);
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
    this.port?.act("say", done ? "~copied-" + what.slice(5) : "~copyFailed");
    if (done) this.emit("copied", { what: what.slice(5), text });
  }

  ready() {
    if (this.slot.hidden) return;
    this.slot.hidden = true;
    this.box.hidden = false;
    this.contrast();
    this.emit("ready", { element: this.kind });
  }

  // The preset and the properties the program says, where the page does not say otherwise.
  adorn({ theme, properties }) {
    const said = (this.element.getAttribute("theme") || "").split(" ").some((word) => PRESETS.includes(word));
    if (!said && PRESETS.includes(theme)) this.box.classList.add(theme);
    const style = getComputedStyle(this.element);
    for (const [name, value] of Object.entries(properties || {})) {
      if (/^--goodword-[a-z-]+$/.test(name) && !style.getPropertyValue(name)) this.box.style.setProperty(name, value);
    }
  }

  // The owner's accent may be any colour; the text on it is the one of black and white that can be read.
  contrast() {
    const style = getComputedStyle(this.box);
    this.box.style.removeProperty("--on-accent");
    const [r, g, b] = style.getPropertyValue("--goodword-on-accent").trim() ? [] : rgb(style.accentColor);
    if (r === undefined) return;
    const [x, y, z] = [r, g, b].map((c) => (c / 255 > 0.04045 ? ((c / 255 + 0.055) / 1.055) ** 2.4 : c / 255 / 12.92));
    this.box.style.setProperty("--on-accent", 0.2126 * x + 0.7152 * y + 0.0722 * z > 0.179 ? "#000" : "#fff");
  }

  /** Fills the vendor's field where told to, and never over what somebody typed. */
  pour(value) {
    if (this.context.pour) return this.context.pour(value);
    const path = this.kind == "offer" && this.element.getAttribute("fill");
    const field = path && document.querySelector(path);
    if (!field || field.value) return;
    field.value = value;
    for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
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
    this.widget = this.port = null;
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
    const { element } = this;
    const { host, key, program, page } = this.context;
    const query = new URLSearchParams({
      element: this.kind, pk: key || "", programId: element.getAttribute("program") || program || "",
      code: element.getAttribute("code") || "", lang: element.closest("[lang]")?.lang || "",
      theme: element.getAttribute("theme") || "", period: element.getAttribute("period") || "", click: page.referral?.clickId || "",
      origin: location.origin, page: location.origin + location.pathname + location.search,
    });
    const style = getComputedStyle(element);
    for (const name of THEME) {
      const value = style.getPropertyValue("--goodword-" + name).trim();
      if (value) query.set("--goodword-" + name, value);
    }
    const frame = document.createElement("iframe");
    frame.title =
      { join: "Become a partner", share: "Your referral page", signup: "Sign up", offer: "Your invitation" }[this.kind] || "Leaderboard";
    // What no log is to hold goes behind the address.
    const told = new URLSearchParams({
      gw_ticket: ticket, gw_identity: identity || "", gw_visitor: this.context.seen(), gw_texts: JSON.stringify(element.texts || {}),
    });
    frame.src = `${host}/embed/frame?${query}#${told}`;
    ticket = "";
    frame.allow = "clipboard-write; web-share";
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
    if (data.goodword == "fill") this.pour(String(data.value));
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
