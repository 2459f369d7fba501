// Goodword's loader. It captures the referral, keeps it as far as consent allows, reports the click, hands the click on
// to forms and Stripe links, and fetches the widget when one of its elements comes near.
// Nothing here may throw into the page: entry points run inside `safe`, and every promise ends in a `catch`.
(() => {
  const page = document;
  const view = window;
  const warn = (text) => console.warn("Goodword:", text);
  const safe = (work) => (...args) => {
    try {
      return work(...args);
    } catch (error) {
      warn(error);
    }
  };
  const waiting = (view.goodword && view.goodword.q) || [];
  const drain = safe(() => {
    for (const args of waiting.splice(0)) view.goodword(...args);
  });
  if (view.Goodword && view.Goodword.call) {
    // Included twice: the first stays, this one only hands over what waits.
    view.goodword = view.Goodword.call;
    return drain();
  }

  const own = page.currentScript || page.querySelector("script[data-key]") || { dataset: {}, src: "" };
  const { key, program, apiHost, params = "", consent: rule } = own.dataset;
  const host = (apiHost || own.src.split("/goodword.js")[0]).replace(/\/$/, "");
  const click = "gw_click";
  const person = "gw_visitor";
  const partner = "gw_key";
  const pending = "gw_queue";
  const stripe = "client_reference_id";

  const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
  const jitter = () => sleep(500 + Math.random() * 1000);
  const valid = (text) => (text && /^[\w-]{1,64}$/.test(text) ? text : "");
  const emit = (target, name, detail) =>
    target.dispatchEvent(new CustomEvent("goodword-" + name, { detail, bubbles: true, composed: true }));

  // Consent: 1 stores, 0 waits and uses memory only, -1 stores nothing and forgets. A privacy signal always wins.
  const weigh = (word) => (navigator.globalPrivacyControl || /none|denied/.test(word) ? -1 : word == "required" ? 0 : 1);
  let consent = weigh(rule);

  // A cookie on the widest domain that takes it, and a mirror in localStorage. An empty value deletes.
  const bake = (name, value) => {
    const labels = location.hostname.split(".");
    for (let i = 1; labels.length + 1 >= i; i++) {
      const domain = labels[i - 1] ? ";domain=" + labels.slice(-i).join(".") : "";
      page.cookie = `${name}=${value};path=/;samesite=lax;max-age=${value ? 31536e3 : 0}${
        location.protocol == "https:" ? ";secure" : ""}${domain}`;
      if (value && page.cookie.includes(name + "=" + value)) return;
    }
  };
  const mirror = (name, value) => {
    try {
      value ? localStorage.setItem(name, value) : value == null ? 0 : localStorage.removeItem(name);
      return valid(localStorage.getItem(name));
    } catch {}
  };
  const keep = (name, value) => {
    if (consent > 0 || !value) {
      bake(name, value);
      mirror(name, value);
    }
    return value;
  };
  const recall = (name) => {
    const found = valid((RegExp(`(?:^|; )${name}=([^;]+)`).exec(page.cookie) || [])[1]) || mirror(name);
    return found && keep(name, found);
  };

  // This browser's own number, made when it is first asked for and consent allows; empty otherwise.
  const seen = () =>
    consent > 0 ? recall(person) || keep(person, crypto.getRandomValues(new Uint32Array(4)).join("-")) : "";

  let id = "";
  let link = "";
  let queue = [];
  let settled = Promise.resolve();

  const save = () => {
    try {
      consent > 0 ? (sessionStorage[pending] = JSON.stringify(queue)) : sessionStorage.removeItem(pending);
    } catch {}
  };

  const hold = (newId, newLink) => {
    if (id != newId) bake(click, "");
    id = keep(click, newId);
    link = newLink;
    if (consent > 0) mirror(partner, link);
    hand();
  };

  const forget = () => {
    for (const name of [click, person, partner]) keep(name, "");
    id = "";
    queue = [];
    save();
    hand();
  };

  // Hands the click on: a hidden field in marked forms, the reference of Stripe's links and elements.
  const hand = safe(() => {
    for (const form of page.querySelectorAll("form[data-goodword]")) {
      let field = form.elements[click];
      if (!field) {
        field = page.createElement("input");
        field.type = "hidden";
        field.name = click;
        form.append(field);
      }
      field.value = id;
    }
    if (!id) return;
    for (const a of page.querySelectorAll('a[href^="https://buy.stripe.com/"]')) {
      const url = new URL(a.href);
      if (url.searchParams.get(stripe)) continue;
      url.searchParams.set(stripe, id);
      a.href = url;
    }
    for (const element of page.querySelectorAll("stripe-buy-button,stripe-pricing-table")) {
      const name = stripe.replace(/_/g, "-");
      element.getAttribute(name) || element.setAttribute(name, id);
    }
  });

  // One report: written down first, sent, tried once more, and otherwise kept for the next page. Answers null on failure.
  const send = async (item, again) => {
    const [kind, body] = item;
    item.busy = 1;
    try {
      const reply = await fetch(`${host}/v1/track/${kind}?pk=${key}`, {
        method: "POST",
        body: JSON.stringify(body),
        keepalive: true,
        signal: AbortSignal.timeout(3e3),
      });
      if (reply.status < 500 && reply.status != 429) {
        queue = queue.filter((other) => other != item);
        save();
        const answer = await reply.json();
        if (!reply.ok) throw answer.error.message;
        kind == "click" ? consent < 0 || hold(answer.clickId, answer.link.key)
          : emit(page, kind, { email: body.customerEmail });
        return answer;
      }
    } catch (error) {
      if (!queue.includes(item)) return warn(error), null;
    }
    if (!again) return jitter().then(() => send(item, 1));
    item.busy = 0;
    emit(page, "error", { code: "network", message: kind });
    return null;
  };
  const report = (kind, body) => {
    const item = [kind, { programId: program, ...body }];
    queue.push(item);
    save();
    return send(item);
  };
  const flush = safe(() => queue.forEach((item) => item.busy || send(item)));

  const read = safe((search = location.search) => {
    const query = new URLSearchParams(search);
    const take = (name) => valid(query.get(name));
    const found = ["via", "ref", "gw", ...params.split(/[\s,]+/)].map(take).find(Boolean);
    const arrived = take("gw_id");
    if (consent < 0) {
      link = found || link;
    } else if (arrived ? arrived != id : found && found != read.last) {
      // A redirect has stored its click already: the report only joins it to this browser's others.
      if (arrived) hold(arrived, found || link);
      link = id ? link : found;
      const sent = report("click", {
        clickId: arrived,
        key: found,
        url: location.href.slice(0, 2048),
        referrer: page.referrer,
        visitorId: seen(),
        subId: take("gw_sub") || null,
      });
      settled = Promise.race([sent, sleep(3e3)]);
    }
    read.last = found || read.last;
  });

  const restore = safe(() => {
    if (consent < 0) return forget();
    if (consent) {
      id = id ? keep(click, id) : recall(click) || "";
      link = link || mirror(partner) || "";
      mirror(partner, link);
      try {
        if (!restore.done) queue = [...JSON.parse(sessionStorage[pending] || "[]"), ...queue];
      } catch {}
      restore.done = 1;
      save();
    }
    flush();
    hand();
  });

  const calls = {
    ready: (work) => settled.then(() => settled).then(() => work(view.Goodword.referral)).catch(warn),
    lead: (data) => settled.then(() => report("lead", { clickId: id, ...data })).catch(warn),
    sale: () => warn("report sales from your backend with a secret key; a page could be forged"),
    identify: () => {},
    consent(word) {
      consent = weigh(word);
      restore();
    },
  };
  const call = safe((name, ...args) => (calls[name] || (() => warn("no such call: " + name)))(...args));
  view.Goodword = {
    call,
    get referral() {
      return id || link ? { clickId: id || null, key: link || null } : null;
    },
  };
  view.goodword = call;

  // The ticket of a sign-in link is taken out of the address before anybody else reads it.
  const ticket = safe(() => {
    const found = (/[#&]gw_ticket=([\w.~-]+)/.exec(location.hash) || [])[1];
    if (found) history.replaceState(history.state, "", location.pathname + location.search);
    return found;
  })();

  // The elements: a stranger's DOM may move, remove and put them back at any time.
  const context = { host, key, program, ticket, emit, warn, seen, page: view.Goodword };
  let widget;
  const load = (element) => {
    const get = () => import(host + "/w/__GW_WIDGET__");
    widget = widget || get().catch(() => jitter().then(get));
    widget
      .then((module) => module.mount(element, context))
      .catch((error) => {
        warn(`${error}. Under a Content-Security-Policy add: script-src ${host} 'wasm-unsafe-eval'; connect-src ${host}; frame-src ${host}`);
        emit(element, "error", { code: "load", message: "" + error });
      });
  };
  const near = safe(
    () =>
      new IntersectionObserver(
        (entries) => {
          for (const { isIntersecting, target } of entries) {
            if (isIntersecting) {
              near.unobserve(target);
              load(target);
            }
          }
        },
        { rootMargin: "300px" },
      ),
  )();
  for (const name of ["join", "signup", "share", "offer", "leaderboard"]) {
    safe(
      () =>
        customElements.get("goodword-" + name) ||
        customElements.define(
          "goodword-" + name,
          class extends HTMLElement {
            connectedCallback() {
              near && !ticket ? near.observe(this) : load(this);
            }
            async disconnectedCallback() {
              await 0;
              this.isConnected || (this.goodwordAway && this.goodwordAway());
            }
          },
        ),
    )();
  }

  for (const name of ["pushState", "replaceState"]) {
    const original = history[name];
    history[name] = function (...args) {
      original.apply(this, args);
      read();
    };
  }
  view.addEventListener("popstate", () => read());
  view.addEventListener("pageshow", (event) => event.persisted && (restore(), read()));
  view.addEventListener("online", flush);
  for (const name of ["DOMContentLoaded", "click", "submit"]) page.addEventListener(name, hand, true);

  // What the address says is noted now; a page that is only being prerendered acts when it is shown.
  const landing = location.search;
  const start = () => {
    restore();
    read(landing);
    drain();
  };
  if (page.prerendering) {
    settled = new Promise((done) => page.addEventListener("prerenderingchange", done, { once: true })).then(start);
  } else start();
})();
