// What the loader fetches only where it is of use: handing a referral on to Stripe, to checkout fields and to the vendor's
// other domains; the tools that ask for consent; the tester. Each part is entered once, with the loader's context.

const REFERENCE = "client_reference_id";
const STRIPE = ["buy", "donate", "book"].map((name) => `a[href^="https://${name}.stripe.com/"]`) + ",a[data-goodword][href]";
const STRIPE_ELEMENTS = "stripe-buy-button,stripe-pricing-table";

const words = (text) => (text || "").match(/[^\s,]+/g) || [];

// ---- handing on

/** Keeps everything on the page that can carry the referral up to date with it. */
export function links(_, context) {
  const domains = words(context.own.dataset.domains).map((name) => name.toLowerCase().replace(/^\*?\./, ""));
  const filled = new WeakSet();
  // What stands in a link because it was put there: that alone is changed or taken out again.
  let given = "";
  const referral = () => window.Goodword.referral || {};

  const write = () => {
    const id = referral().clickId || "";
    for (const a of document.querySelectorAll(STRIPE)) refer(a, id, given);
    for (const element of document.querySelectorAll(STRIPE_ELEMENTS)) {
      const name = REFERENCE.replace(/_/g, "-");
      const present = element.getAttribute(name);
      if (present && present != given) continue;
      if (id && present != id) element.setAttribute(name, id);
      if (!id && present) element.removeAttribute(name);
    }
    given = id;
    for (const field of document.querySelectorAll("input[data-goodword-code]")) fill(field, referral().key, filled);
  };
  // A page draws in bursts; one look a fifth of a second is enough.
  let due = 0;
  const soon = () => {
    due ||= setTimeout(() => {
      due = 0;
      attempt(context.hand);
    }, 200);
  };
  const attempt = (work) => {
    try {
      work();
    } catch (error) {
      context.warn(error);
    }
  };
  context.handed = () => attempt(write);
  context.handed();
  new MutationObserver(soon).observe(document, { childList: true, subtree: true });
  if (!domains.length) return;
  const follow = (event) => attempt(() => lead(event, domains, referral()));
  // A middle click or the keyboard follows a link as well; a form is sent to where its address says.
  for (const type of ["pointerdown", "click", "auxclick", "submit"]) addEventListener(type, follow, true);
}

function refer(a, id, given) {
  const url = address(a.href);
  if (!url) return;
  const present = url.searchParams.get(REFERENCE);
  if (present == id || (present && present != given)) return;
  if (id) url.searchParams.set(REFERENCE, id);
  else url.searchParams.delete(REFERENCE);
  a.href = url.href;
}

/** The partner's code into the vendor's field, once and only into an empty one; frameworks hear of it as of typing. */
function fill(field, code, filled) {
  if (!code || filled.has(field)) return;
  filled.add(field);
  if (field.value) return;
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, code);
  for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
}

/** The click travels in the address to the vendor's other domains, whose cookies are their own. */
function lead(event, domains, { clickId, key }) {
  const carry = (url) => {
    const theirs = ["via", "ref", "gw", "gw_id"].some((name) => url.searchParams.get(name));
    if (theirs) return [];
    return [["gw_id", clickId], ["via", key]].filter(([, value]) => value);
  };
  const foreign = (text) => {
    const url = address(text);
    const known = url && domains.some((domain) => url.hostname == domain || url.hostname.endsWith("." + domain));
    return known && url.hostname != location.hostname ? url : null;
  };
  if (event.type == "submit") {
    const form = event.target;
    const url = foreign(event.submitter?.getAttribute("formaction") || form.getAttribute("action"));
    if (!url) return;
    if (form.getAttribute("method")?.toLowerCase() != "post") {
      // The fields take the place of the address's query.
      for (const [name, value] of carry(new URL(url.origin))) {
        const field = form.querySelector(`[name=${name}]`);
        if (!field) form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
        else if (!field.value) field.value = value;
      }
      return;
    }
    for (const pair of carry(url)) url.searchParams.set(...pair);
    form.setAttribute("action", url.href);
    return;
  }
  const a = event.composedPath().find((node) => node.localName == "a" && typeof node.href == "string");
  const url = a && foreign(a.href);
  if (!url) return;
  const pairs = carry(url);
  for (const pair of pairs) url.searchParams.set(...pair);
  if (pairs.length) a.href = url.href;
}

function address(text) {
  try {
    const url = new URL(text, document.baseURI);
    return /^https?:$/.test(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

// ---- consent

/** Listens to the tool named in `data-consent` and passes on what the visitor has answered. Nothing is stored before. */
export function consent(_, context) {
  const { consent: tool, purposes } = context.own.dataset;
  let last;
  const tell = (answer) => {
    if (answer && answer != last) window.Goodword.call("consent", (last = answer));
  };
  if (/tcf/.test(tool)) listenToTcf(words(purposes || "1"), tell, context.warn);
  else listenToGoogle(words(purposes || "ad_storage"), tell);
}

/**
 * The IAB's Transparency and Consent Framework, 2.x: whoever manages consent may come later than we do, and where our page is a frame
 * in another, it may be there.
 */
function listenToTcf(purposes, tell, warn) {
  let left = 240;
  const look = () => {
    const place = typeof window.__tcfapi == "function" ? window : locator();
    try {
      const ask = place == window ? window.__tcfapi : place && ((...all) => askFrame(place, ...all));
      if (ask) return ask("addEventListener", 2, (data, ok) => ok && data && tell(tcf(data, purposes)));
    } catch (error) {
      return warn(error);
    }
    if (left--) setTimeout(look, 250);
    else warn("data-consent is tcf, and no __tcfapi came within a minute: nothing is stored");
  };
  look();
}

/** The page around ours that manages consent: it has a frame of this name in it. */
function locator() {
  for (let place = window; place != place.parent; ) {
    place = place.parent;
    try {
      if (place.frames.__tcfapiLocator) return place;
    } catch {
      // A page of another origin does not tell its frames' names, unless there is one.
    }
  }
  return null;
}

/** What the framework says between pages: a call with an id, and answers with it. */
function askFrame(place, command, version, then) {
  const callId = crypto.randomUUID?.() || String(Math.random());
  addEventListener("message", ({ source, data }) => {
    if (source != place) return;
    let said = data;
    try {
      if (typeof data == "string") said = JSON.parse(data);
    } catch {
      return;
    }
    const answer = said?.__tcfapiReturn;
    if (answer?.callId === callId) then(answer.returnValue, answer.success);
  });
  place.postMessage({ __tcfapiCall: { command, version, callId } }, "*");
}

function tcf(data, purposes) {
  if (data.gdprApplies === false) return "granted";
  if (!/tcloaded|useractioncomplete/.test(data.eventStatus)) return "";
  return purposes.every((number) => data.purpose?.consents?.[number] === true) ? "granted" : "denied";
}

/** Google's Consent Mode, version 2: what the page says by `gtag('consent', …)`, and what Google's own script made of it. */
function listenToGoogle(types, tell) {
  const layer = (window.dataLayer = window.dataLayer || []);
  const defaults = [];
  const updates = {};
  const look = () => {
    const answers = types.map((type) => google(type, defaults, updates, window.google_tag_data?.ics?.entries?.[type]));
    tell(answers.every((answer) => answer == "granted") ? "granted" : answers.find((answer) => answer == "denied"));
  };
  const read = (entry) => {
    if (entry?.[0] != "consent" || typeof entry[2] != "object" || !entry[2]) return;
    if (entry[1] == "default") defaults.push(entry[2]);
    if (entry[1] == "update") Object.assign(updates, entry[2]);
  };
  Array.prototype.forEach.call(layer, read);
  const push = layer.push;
  layer.push = function (...entries) {
    const answer = push.apply(this, entries);
    entries.forEach(read);
    look();
    return answer;
  };
  look();
  // Tag managers set consent without a word in the data layer; their own record of it can be listened to once it is there.
  let left = 40;
  const listen = () => {
    const record = window.google_tag_data?.ics;
    if (typeof record?.addListener == "function") {
      record.addListener(types, look);
      look();
    } else if (left--) setTimeout(listen, 250);
  };
  listen();
}

/** A default of "denied" is a question still open; only an update is the visitor's own answer. */
function google(type, defaults, updates, entry) {
  if (typeof entry?.update == "boolean") return entry.update ? "granted" : "denied";
  if (updates[type]) return updates[type] == "granted" ? "granted" : "denied";
  if (typeof entry?.default == "boolean") return entry.default ? "granted" : "";
  const said = defaults.filter((entry) => entry[type]);
  const everywhere = said.some((entry) => !entry.region);
  return everywhere && said.every((entry) => entry[type] == "granted") ? "granted" : "";
}

// ---- the tester

/** `?goodword_test=1`: shows the owner of the page what works. */
export async function test(_, context) {
  const tester = await import(context.host + "/w/__GW_TESTER__");
  tester.open(context);
}
