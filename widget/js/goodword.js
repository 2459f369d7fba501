// Goodword's loader. It captures the referral, keeps it as far as consent allows, reports the click, hands the click on
// to forms, and fetches the widget when one of its elements comes near. What not every visitor needs is in more.js: handing
// on to Stripe, checkout fields and other domains, the tools that ask for consent, the tester.
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
  const waiting = view.goodword?.q || [];
  const drain = safe(() => {
    for (const args of waiting.splice(0)) view.goodword(...args);
  });
  if (view.Goodword?.call) {
    // Included twice: the first stays, this one only hands over what waits.
    view.goodword = view.Goodword.call;
    return drain();
  }

  // An `<img name="currentScript">` would stand in the script's place.
  const own = [page.currentScript, page.querySelector("script[data-key]")].find((e) => e?.localName == "script") || {
    dataset: {}, src: "" };
  const { key, program, apiHost, params = "", consent: rule = "granted" } = own.dataset;
  // Absolute, for the page, the script and the widget each resolve addresses against another one.
  const base = apiHost || own.src.split("/goodword.js")[0];
  const host = (safe(() => new URL(base, location).href)() || base).replace(/\/$/, "");
  const click = "gw_click";
  const person = "gw_visitor";
  const partner = "gw_key";
  const pending = "gw_queue";

  const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
  const jitter = () => sleep(500 + Math.random() * 1000);
  const valid = (text) => (/^[\w-]{1,64}$/.test(text) ? text : "");
  const emit = (target, name, detail) =>
    target.dispatchEvent(new CustomEvent("goodword-" + name, { detail, bubbles: true, composed: true }));

  // Consent: 1 stores, 0 waits and uses memory only, -1 stores nothing and forgets. A privacy signal always wins, and a
  // word that is not known waits.
  const weigh = (word) =>
    navigator.globalPrivacyControl || /none|denied/.test(word) ? -1 : +(word == "granted");
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
    const found = valid(("; " + page.cookie).split(`; ${name}=`)[1]?.split(";")[0]) || mirror(name);
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
    id = read.last = "";
    queue = [];
    save();
    hand();
  };

  // Hands the click on: a hidden field in marked forms. Forms that are read without having been seen here get it as their
  // data is gathered.
  const hand = safe(({ formData, target } = {}) => {
    for (const form of page.querySelectorAll("form[data-goodword]")) {
      // Not `form.elements`: a field of that name would stand in its place.
      const field = form.querySelector(`[name=${click}]`);
      (field || form.appendChild(Object.assign(page.createElement("input"), { type: "hidden", name: click }))).value = id;
      if (form == target) formData?.set(click, id);
    }
    context.handed?.();
  });

  // One report: written down first, sent, tried once more, and otherwise kept for the next page. Answers null on failure.
  const send = async (item, again) => {
    const [kind, body] = item;
    item.busy = 1;
    try {
      const reply = await fetch(`${host}/v1/track/${kind}?pk=${key}`, {
        method: "POST",
        body,
        keepalive: 1,
        signal: AbortSignal.timeout(3e3),
      });
      if (reply.status < 500 && reply.status != 429) {
        // Only a whole answer is one: a body that is cut off is asked for again, and gets the same click.
        const answer = await reply.json();
        queue = queue.filter((other) => other != item);
        save();
        if (!reply.ok) throw answer.error.message;
        kind == "click" ? consent < 0 || hold(answer.clickId, answer.link.key)
          : emit(page, kind, { email: JSON.parse(body).customerEmail });
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
    const item = [kind, JSON.stringify({ programId: program, ...body })];
    queue.push(item);
    save();
    return send(item);
  };
  const flush = safe(() => queue.forEach((item) => item.busy || send(item)));

  const read = safe((search = location.search) => {
    const query = new URLSearchParams(search);
    const take = (name) => valid(query.get(name));
    const found = ("via ref gw " + params).match(/[^\s,]+/g).map(take).find(Boolean);
    const arrived = take("gw_id");
    // What brought the visitor is read again when consent is given after all.
    if (found || arrived) landing = search;
    if (consent < 0) return (link = found || link);
    if (arrived ? arrived != id : found && found != read.last) {
      // A redirect has stored its click already: the report only joins it to this browser's others.
      if (arrived) hold(arrived, found || link);
      link = id ? link : found;
      const sent = report("click", {
        clickId: arrived,
        key: found,
        url: location.href,
        referrer: page.referrer,
        visitorId: seen(),
        subId: take("gw_sub"),
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
    if (consent) id || read(landing);
  });

  const calls = {
    ready: (work) => settled.then(() => settled).then(() => work(view.Goodword.referral)).catch(warn),
    lead: (data) => settled.then(() => report("lead", { clickId: id, ...data })).catch(warn),
    sale: () => warn("sales: from your server only"),
    identify: (token) => token && enter(widget, "identify", page, token),
    consent(word) {
      consent = weigh(word);
      restore();
    },
  };
  const call = safe((name, ...args) => calls[name] ? calls[name](...args) : warn("unknown call " + name));
  view.Goodword = {
    call,
    get referral() {
      return id || link ? { clickId: id || null, key: link || null } : null;
    },
  };
  view.goodword = call;

  // The ticket of a sign-in link is taken out of the address before anybody else reads it.
  const ticket = location.hash.split("gw_ticket=")[1];
  if (ticket) safe(() => history.replaceState(history.state, "", location.href.split("#")[0]))();

  // The elements: a stranger's DOM may move, remove and put them back at any time.
  const context = {
    host, key, program, ticket, emit, warn, seen, own, hand,
    consent: () => consent,
    // Asked for once there is something to hand on, and once only; it puts its own in this place.
    handed: () => id || link ? (context.handed = more("links")) : 0,
  };
  const modules = {};
  const widget = "__GW_WIDGET__";
  const enter = (file, name, element, what = element) => {
    // Some browsers remember that an address could not be imported, so the second time it is another one.
    const get = (more) => import(host + "/w/" + file + more);
    modules[file] = modules[file] || get("").catch(() => jitter().then(() => get("?")));
    modules[file]
      .then((module) => module[name](what, context))
      .catch((error) => {
        warn(`${error} ${host}/docs/script`);
        emit(element, "error", { code: "load", message: "" + error });
      });
  };
  const load = (element) => {
    // The module sets out with the script that will want it, and not after it.
    (context.wasm = context.wasm || fetch(host + "/w/" + widget.replace("js", "wasm"), { integrity: "__GW_INTEGRITY__" })).catch(() => 0);
    enter(widget, "mount", element);
  };
  const more = (name) => enter("__GW_MORE__", name, page);
  const near = safe(
    () =>
      new IntersectionObserver(
        (entries) => {
          for (const { isIntersecting, target } of entries) {
            if (isIntersecting && target.isConnected) {
              near.unobserve(target);
              load(target);
            }
          }
        },
        { rootMargin: "300px" },
      ),
  )();
  for (const name of "join signup share offer leaderboard".split(" ")) {
    safe(
      () =>
        customElements.define(
          "goodword-" + name,
          class extends HTMLElement {
            connectedCallback() {
              near && !ticket ? near.observe(this) : load(this);
            }
            async disconnectedCallback() {
              await 0;
              this.isConnected || this.goodwordAway?.();
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
  addEventListener("popstate", () => read());
  addEventListener("pageshow", (event) => event.persisted && (restore(), read()));
  addEventListener("online", flush);
  for (const name of ["DOMContentLoaded", "click", "submit", "formdata"]) page.addEventListener(name, hand, true);

  // What the address says is noted now; a page that is only being prerendered acts when it is shown. Later it is the last
  // address that named a partner.
  let landing = location.search;
  const start = () => {
    restore();
    read(landing);
    drain();
    if (/tcf|google/.test(rule)) more("consent");
    if (landing.includes("goodword_test")) more("test");
  };
  if (page.prerendering) {
    settled = new Promise((done) => page.addEventListener("prerenderingchange", done, { once: 1 })).then(start);
  } else start();
})();
