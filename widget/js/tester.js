// The tester: a panel for the owner of a page, by `?goodword_test=1`. It tells what works, and what to write where if
// something does not. It stores nothing, and stands in a shadow root so that neither side's style touches the other's.

const STYLE = `
  :host { all: initial; position: fixed; inset: auto 12px 12px auto; z-index: 2147483647; max-width: calc(100vw - 24px); }
  section { box-sizing: border-box; width: 420px; max-width: 100%; max-height: calc(100vh - 24px); overflow: auto; padding: 16px 18px;
    font: 14px/1.45 system-ui, sans-serif; color: #1d1d1f; background: #fff; border: 1px solid #8886; border-radius: 12px;
    box-shadow: 0 8px 40px #0004; color-scheme: light; }
  header { display: flex; gap: 8px; align-items: center; justify-content: space-between; }
  h2 { margin: 0; font-size: 16px; }
  p { margin: 6px 0 10px; }
  ul { margin: 0; padding: 0; list-style: none; }
  li { display: grid; grid-template-columns: 22px 1fr; gap: 2px 6px; padding: 7px 0; border-top: 1px solid #8883; }
  li > * { grid-column: 2; overflow-wrap: anywhere; }
  li::before { grid-row: span 3; content: "✓"; color: #14713a; font-weight: 700; }
  li[data-state=warn]::before { content: "!"; color: #8a5a00; }
  li[data-state=bad]::before { content: "✕"; color: #b3261e; }
  li[data-state=info]::before { content: "·"; color: #555; }
  code { display: block; margin-top: 3px; padding: 5px 7px; font: 12px/1.4 ui-monospace, monospace; background: #f2f2f4; border-radius: 6px; user-select: all; }
  button { min-height: 28px; padding: 2px 10px; font: inherit; color: inherit; background: #f2f2f4; border: 1px solid #8886; border-radius: 8px; cursor: pointer; }
  button:focus-visible { outline: 2px solid #0b57d0; outline-offset: 1px; }
  footer { display: flex; gap: 8px; margin-top: 10px; }
  @media (prefers-color-scheme: dark) {
    section { color: #f0f0f2; background: #1f1f23; color-scheme: dark; }
    code, button { background: #303036; }
    li::before { color: #6fd08c; } li[data-state=warn]::before { color: #f0b849; } li[data-state=bad]::before { color: #ff8a80; }
    li[data-state=info]::before { color: #bbb; }
  }`;

const ELEMENTS = ["join", "signup", "share", "offer", "leaderboard"].map((name) => "goodword-" + name);

const make = (name, text = "") => Object.assign(document.createElement(name), { textContent: text });
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const say = (id, state, text, remedy = "") => ({ id, state, text, remedy });

/** Opens the panel and runs every check; again at each press of its button. */
export async function open(context) {
  document.querySelector("goodword-tester")?.remove();
  const host = document.createElement("goodword-tester");
  const root = host.attachShadow({ mode: "open" });
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
  } catch (error) {
    context.warn(error);
  }
  const section = make("section");
  section.setAttribute("aria-label", "Goodword test");
  const list = make("ul");
  const summary = make("p", "Looking …");
  summary.setAttribute("role", "status");
  const header = make("header");
  const button = (text, work) => {
    const made = Object.assign(make("button", text), { type: "button" });
    made.addEventListener("click", () => Promise.resolve(work()).catch(context.warn));
    return made;
  };
  header.append(make("h2", "Goodword test"), button("Close", () => host.remove()));
  const footer = make("footer");
  let told = [];
  const report = () => told.map(({ state, text, remedy }) => `${state}: ${text}${remedy && "\n    " + remedy}`).join("\n");
  const copy = button("Copy this report", async () => {
    await navigator.clipboard.writeText(report()).then(
      () => (copy.textContent = "Copied"),
      () => (copy.textContent = "The browser does not let us copy"),
    );
  });
  const run = async () => {
    summary.textContent = "Looking …";
    told = await checks(context);
    list.replaceChildren(...told.map(draw));
    const count = (state) => told.filter((check) => check.state == state).length;
    summary.textContent = count("bad")
      ? `Not everything works: ${count("bad")} to mend${count("warn") ? `, ${count("warn")} to look at` : ""}.`
      : count("warn")
        ? `It works, with ${count("warn")} to look at.`
        : "Everything works.";
    context.emit(document, "tested", told);
  };
  footer.append(button("Look again", run), copy);
  section.append(header, summary, list, footer);
  root.append(section);
  document.documentElement.append(host);
  await run();
}

function draw({ state, text, remedy, id }) {
  const item = make("li");
  item.dataset.state = state;
  item.dataset.id = id;
  const word = { ok: "Works: ", warn: "Look at this: ", bad: "Mend this: ", info: "" }[state];
  item.append(make("span", word + text));
  if (remedy) item.append(make("code", remedy));
  return item;
}

async function checks(context) {
  // What is reported before the panel opened is waited for, so that the click is judged by its outcome.
  await new Promise((done) => window.Goodword.call("ready", done));
  const referred = /[?&](via|ref|gw|gw_id)=/.test(location.search) && context.consent() >= 0;
  for (let left = 40; referred && left && !window.Goodword.referral?.clickId; left--) await sleep(200);
  const config = await ask(context);
  const list = [
    ...script(context),
    ...server(context, config),
    ...consent(context),
    ...storage(context),
    ...click(context, config),
    ...parameters(context, config),
    ...elements(),
    ...(await policy(context, config)),
    ...handed(context),
  ];
  if (location.protocol == "http:" && !/(^|\.)localhost$|^127\./.test(location.hostname)) {
    list.push(say("https", "warn", "The page is not served over https:. Cookies are not protected, and some browsers keep less."));
  }
  return list;
}

/** Does something and tells which directives of a Content-Security-Policy refused it. */
async function watched(work) {
  const refused = new Set();
  const note = (event) => refused.add(event.effectiveDirective);
  document.addEventListener("securitypolicyviolation", note);
  let answer;
  let error = "";
  try {
    answer = await work();
  } catch (failure) {
    error = String(failure);
  }
  // The browser tells of a violation in a task of its own.
  await new Promise((done) => setTimeout(done, 50));
  document.removeEventListener("securitypolicyviolation", note);
  return { answer, error, refused };
}

function ask({ host, key, program }) {
  return watched(async () => {
    const query = new URLSearchParams({ pk: key || "", ...(program && { programId: program }) });
    const reply = await fetch(`${host}/v1/embed/config?${query}`, { signal: AbortSignal.timeout(10_000) });
    return { status: reply.status, body: await reply.json().catch(() => null) };
  });
}

function script({ host, key, own }) {
  const list = [say("script", "ok", `The script runs, and speaks with ${host}.`)];
  const tags = document.querySelectorAll('script[src*="goodword.js"]').length;
  if (tags > 1) list.push(say("twice", "warn", `The script is on this page ${tags} times. One is enough: remove the others.`));
  if (own.src && !own.async && !own.defer) {
    list.push(say("async", "warn", "The tag has no `async`: the page waits for the script.", `<script async src="${own.src}" …>`));
  }
  if (/^sk_/.test(key)) {
    list.push(say("key", "bad", "The tag shows a secret key to everybody. Revoke it now, and use a publishable one (pk_…).", "goodword admin revoke-key " + key.slice(0, 12) + "…"));
  } else if (!key) {
    list.push(say("key", "bad", "The tag has no key.", 'data-key="pk_…"'));
  } else if (/_test_/.test(key)) {
    list.push(say("key", "info", "The key is one of the sandbox: what is counted here is for trying out."));
  }
  return list;
}

function server({ host }, { answer, error, refused }) {
  if (refused.has("connect-src")) {
    return [say("connect", "bad", "The page's Content-Security-Policy does not let the script report anything. Add:", `connect-src ${host}`)];
  }
  if (!answer) {
    return [say("connect", "bad", `${host} cannot be reached (${error}). Is the server up, and is the address right? With a proxy on your own domain, is it set to pass /v1/ on?`)];
  }
  const message = answer.body?.error?.message || "";
  if (answer.status == 401) return [say("key-valid", "bad", `The key is not known: ${message}`)];
  if (answer.status == 403) {
    return [say("origin", "bad", `Pages of ${location.origin} may not use this key yet. Add it under Settings → Origins in the console, or:`, `goodword admin allow-origin ${location.origin}`)];
  }
  if (answer.status != 200 || !answer.body) {
    return [say("program", "bad", `The server answered ${answer.status}. ${message}`)];
  }
  const { name, vendor, mode, open } = answer.body;
  return [
    say("key-valid", "ok", `The key is valid: program “${name}” of ${vendor}${mode == "test" ? ", in the sandbox" : ""}.`),
    say("origin", "ok", `Pages of ${location.origin} may use it.`),
    ...(open === false ? [say("open", "warn", "The program takes no new partners at the moment.")] : []),
  ];
}

function consent(context) {
  const rule = context.own.dataset.consent || "granted";
  const state = context.consent();
  if (navigator.globalPrivacyControl) {
    return [say("consent", "info", "This browser says it wants no tracking (Global Privacy Control): nothing is stored, codes still work. Test with another browser.")];
  }
  const meaning = { 1: "given: the click may be remembered", 0: "not given yet: nothing is stored", [-1]: "denied: nothing is stored, codes still work" }[state];
  return [say("consent", state > 0 ? "ok" : "info", `Consent (data-consent="${rule}") is ${meaning}.`)];
}

function storage(context) {
  if (context.consent() <= 0) return [say("storage", "info", "Storage was not tried, because consent is not given.")];
  const name = "gw_test";
  let mirror = false;
  try {
    localStorage.setItem(name, "1");
    mirror = localStorage.getItem(name) == "1";
    localStorage.removeItem(name);
  } catch {}
  let cookie = false;
  try {
    document.cookie = `${name}=1;path=/;samesite=lax`;
    cookie = document.cookie.includes(name + "=1");
    document.cookie = `${name}=;path=/;max-age=0`;
  } catch {}
  if (cookie && mirror) return [say("storage", "ok", "Cookie and localStorage both hold.")];
  if (cookie || mirror) return [say("storage", "warn", `Only ${cookie ? "the cookie" : "localStorage"} holds: a referral may be forgotten sooner.`)];
  return [say("storage", "warn", "This browser refuses storage: a referral lasts for this page only. For most visitors that is different.")];
}

function click(context, { answer }) {
  const { clickId, key } = window.Goodword.referral || {};
  const asked = new URLSearchParams(location.search);
  const wanted = ["via", "ref", "gw", ...(answer?.body?.linkParameters || [])].map((name) => asked.get(name)).find(Boolean);
  if (clickId) return [say("click", "ok", `A click is recorded: ${clickId}${key ? `, of the link ${key}` : ""}.`)];
  if (wanted && context.consent() < 0) return [say("click", "info", `The code ${wanted} is known on this page, and no click is reported without consent.`)];
  if (wanted) return [say("click", "bad", `The address names ${wanted}, and no click could be recorded: is that code right, and does the line above say that the server can be reached?`)];
  const url = new URL(location.href);
  url.searchParams.set("via", "CODE");
  return [say("click", "info", "Nobody has referred this visit. To see a click recorded, open this page with a partner's code:", url.href)];
}

function parameters({ own }, { answer }) {
  const known = ["via", "ref", "gw", ...((own.dataset.params || "").match(/[^\s,]+/g) || [])];
  const missing = (answer?.body?.linkParameters || []).filter((name) => !known.includes(name));
  if (!missing.length) return [];
  return [say("params", "warn", `The program also counts links with ${missing.join(", ")}, which the tag does not read. Add to it:`, `data-params="${[...known.slice(3), ...missing].join(" ")}"`)];
}

function elements() {
  const all = [...document.querySelectorAll("*")].filter((e) => e.localName.startsWith("goodword-") && e.localName != "goodword-tester");
  const list = all.map((element) => {
    const name = `<${element.localName}>`;
    if (!ELEMENTS.includes(element.localName)) return say("element", "bad", `There is no element ${name}. There are: ${ELEMENTS.join(", ")}.`);
    const box = element.shadowRoot?.querySelector(".gw, .frame");
    if (!box) return say("element", "info", `${name} is loaded when it comes near the visible part of the page. Scroll to it and look again.`);
    if (box.hidden) return say("element", "warn", `${name} shows what you wrote into it: it is still loading, or could not. The lines above and below may say why.`);
    return say("element", "ok", `${name} works${box.className == "frame" ? ", in a frame" : ""}.`);
  });
  return list.length ? list : [say("element", "info", "There is no Goodword element on this page; that is fine, attribution needs none.")];
}

async function policy({ host, key }, { refused }) {
  const wasm = await watched(() => new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])));
  if (!wasm.error) {
    return refused.has("connect-src") ? [] : [say("policy", "ok", "The page's Content-Security-Policy, if it has one, lets everything of ours run.")];
  }
  const frame = document.createElement("iframe");
  frame.hidden = true;
  const framed = await watched(async () => {
    frame.src = `${host}/embed/frame?pk=${encodeURIComponent(key || "")}`;
    document.documentElement.append(frame);
    await new Promise((done) => {
      frame.addEventListener("load", done);
      setTimeout(done, 3000);
    });
  });
  frame.remove();
  const line = `script-src ${host} 'wasm-unsafe-eval'; connect-src ${host}`;
  if (framed.refused.has("frame-src")) {
    return [say("policy", "bad", "The page's Content-Security-Policy refuses WebAssembly and our frame, so elements show what you wrote into them. Add:", `${line}; or frame-src ${host}`)];
  }
  return [say("policy", "warn", "The page's Content-Security-Policy refuses WebAssembly, so elements run in a frame. That works; to have them in the page itself add:", line)];
}

function handed(context) {
  const list = [];
  const count = (selector) => document.querySelectorAll(selector).length;
  const forms = count("form[data-goodword]");
  const stripe = count('a[href*=".stripe.com/"],stripe-buy-button,stripe-pricing-table');
  const referred = !!window.Goodword.referral?.clickId;
  if (forms) {
    const field = "the click of a referred visitor in the field gw_click";
    list.push(say("forms", "ok", forms > 1 ? `${forms} forms carry ${field}.` : `1 form carries ${field}.`));
  }
  if (stripe) {
    const carrying = count('a[href*="client_reference_id="],[client-reference-id]');
    list.push(say("stripe", !referred ? "info" : carrying ? "ok" : "bad", referred ? `Of ${stripe} links and buttons of Stripe, ${carrying} carry the click.` : `Links and buttons of Stripe that will carry the click of a referred visitor: ${stripe}.`));
  }
  const fields = count("[data-goodword-code]");
  if (fields) list.push(say("code", "ok", `${fields} field${fields > 1 ? "s" : ""} for the partner's code.`));
  return list;
}
