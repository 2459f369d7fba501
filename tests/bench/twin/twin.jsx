// The rival of `cargo xtask bench widget`: `<goodword-join>` once more, as one would write it in Preact. It has the same loader, the
// same requests, the same texts and the same style; what differs is who draws. It leaves out what only WebAssembly needs: the tier in
// a frame, the guard around the module, the module itself.

import { h, Fragment, render } from "preact";
import { Port, sleep } from "./port.js";

const CSS = "__GW_CSS__";

const live = new Map();
let sheet;
let ticket;

/** Shows the form in an element, or wakes the one that is there. */
export async function mount(element, context) {
  const known = live.get(element);
  if (known) return known.resume();
  if (ticket === undefined) ticket = context.ticket || "";
  const shown = new Shown(element, context);
  live.set(element, shown);
  element.goodwordAway = () => shown.pause();
  await shown.begin();
}

const announce = () => live.forEach((shown) => shown.port?.session());
addEventListener("storage", (event) => event.key?.startsWith("gw_token") && announce());
document.addEventListener("goodword-joined", announce);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => live.forEach((shown) => shown.contrast()));

class Shown {
  constructor(element, context) {
    Object.assign(this, { element, context, kind: "join", announce, near: true, wake: [] });
    this.root = element.shadowRoot || element.attachShadow({ mode: "open" });
    if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(CSS);
    this.root.adoptedStyleSheets = [sheet];
    this.slot = document.createElement("slot");
    this.box = document.createElement("div");
    this.box.className = "gw";
    this.box.hidden = true;
    const named = (name) => Object.assign(document.createElement("slot"), { name });
    this.root.replaceChildren(named("header"), this.slot, this.box, named("footer"));
    this.stir = this.stir.bind(this);
    this.observer = new IntersectionObserver((entries) => {
      this.near = entries[entries.length - 1].isIntersecting;
      this.stir();
    }, { rootMargin: "200px" });
    this.observer.observe(element);
    document.addEventListener("visibilitychange", this.stir);
  }

  async begin() {
    const port = new Port(this, ticket);
    ticket = "";
    const config = port.config();
    try {
      await port.learn();
    } catch (error) {
      return this.fail("load", String(error));
    }
    const session = await port.settle(config);
    if (session === undefined || this.over) return;
    this.port = port;
    this.box.lang = port.lang;
    this.box.dir = /^ar/.test(port.lang) ? "rtl" : "ltr";
    this.adorn(port.data);
    this.widget = new Widget(this);
    port.act("configured", session);
  }

  ready() {
    if (this.slot.hidden) return;
    this.slot.hidden = true;
    this.box.hidden = false;
    this.contrast();
    this.emit("ready", { element: this.kind });
  }

  adorn({ theme, properties }) {
    const themes = ["plain", "warm", "bold"];
    const said = (this.element.getAttribute("theme") || "").split(" ").some((word) => themes.includes(word));
    if (!said && themes.includes(theme)) this.box.classList.add(theme);
    const style = getComputedStyle(this.element);
    for (const [name, value] of Object.entries(properties || {})) {
      if (/^--goodword-[a-z-]+$/.test(name) && !style.getPropertyValue(name)) this.box.style.setProperty(name, value);
    }
  }

  contrast() {
    const style = getComputedStyle(this.box);
    this.box.style.removeProperty("--on-accent");
    const [r, g, b] = style.getPropertyValue("--goodword-on-accent").trim() ? [] : rgb(style.accentColor);
    if (r === undefined) return;
    const [x, y, z] = [r, g, b].map((c) => (c / 255 > 0.04045 ? ((c / 255 + 0.055) / 1.055) ** 2.4 : c / 255 / 12.92));
    this.box.style.setProperty("--on-accent", 0.2126 * x + 0.7152 * y + 0.0722 * z > 0.179 ? "#000" : "#fff");
  }

  async copy(what, text) {
    let done = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      done = false;
    }
    this.port?.act("say", done ? "~copied-" + what : "~copyFailed");
    if (done) this.emit("copied", { what, text });
  }

  emit(name, detail) {
    this.context.emit(this.element, name, detail);
  }

  active() {
    return this.near && this.element.isConnected && document.visibilityState == "visible";
  }

  stir() {
    if (this.active()) this.wake.splice(0).forEach((go) => go(true));
  }

  async tick(ms) {
    await sleep(ms);
    if (this.over) return false;
    return this.active() || new Promise((go) => this.wake.push(go));
  }

  pause() {
    clearTimeout(this.parting);
    this.parting = setTimeout(() => this.element.isConnected || this.end(), 10_000);
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
    live.delete(this.element);
    render(null, this.box);
    this.widget = this.port = null;
    this.box.remove();
    this.slot.hidden = false;
  }

  fail(code, message) {
    if (this.over) return;
    this.box.hidden = true;
    this.slot.hidden = false;
    this.context.warn(message);
    this.emit("error", { code, message });
    if (code == "load") this.end();
  }
}

function rgb(color) {
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!pen || !color.trim()) return [];
  pen.fillStyle = color.trim();
  pen.fillRect(0, 0, 1, 1);
  return [...pen.getImageData(0, 0, 1, 1).data];
}

// ---- what is on the screen, and what to do next

class Widget {
  constructor(shown) {
    this.shown = shown;
    this.state = { screen: "waiting", email: "", fresh: false, busy: false, problems: {}, said: "", bad: false, missed: 0 };
  }

  set(change) {
    Object.assign(this.state, change);
    const { port, box } = this.shown;
    render(<Card state={this.state} port={port} act={(what, value) => this.act(what, value)} copy={(...all) => this.shown.copy(...all)} />, box);
  }

  show(screen, more) {
    this.set({ screen, problems: {}, said: "", bad: false, busy: false, ...more });
    this.shown.ready();
  }

  act(what, value) {
    const { state } = this;
    const { port } = this.shown;
    if (what == "configured") return value ? port.run("watch") : this.show("form");
    if (what == "session") {
      if (value) return state.screen == "me" || port.run("watch");
      return state.screen == "me" || state.screen == "waiting" ? this.show("form", { fresh: false, said: "~signedOut" }) : 0;
    }
    if (what == "me") return this.set({ screen: "me", missed: 0 }), this.shown.ready();
    if (what == "unchanged") return this.set({ missed: 0, ...(state.missed > 2 && { said: "" }) });
    if (what == "missed") return this.missed();
    if (what == "edit") return this.set({ problems: { ...state.problems, [value]: undefined } });
    if (what == "sign-in") return this.show("signIn");
    if (what == "back") return this.show("form");
    if (what == "sign-out") return port.run("forget");
    if (what == "joined") return this.show(value ? "me" : "checkMail", { fresh: !!value });
    if (what == "mailed") return this.show("checkMail");
    if (what == "refused") return this.refused(value);
    if (what == "lost") return this.set({ said: "~unreachable", bad: true, busy: false });
    if (what == "say") return this.set({ said: value, bad: false, busy: false });
    this.set({});
  }

  missed() {
    const missed = this.state.missed + 1;
    this.set({ missed, ...(this.state.screen == "me" && missed == 3 && { said: "~unreachable", bad: true }) });
    if (this.state.screen == "waiting" && missed == 2) this.shown.port.run("fail", "the server does not answer");
  }

  refused(message) {
    const [, field, said] = /^`([\w.]+)`\s*(.*)/s.exec(message) || [];
    if (field) return this.set({ problems: { [field]: said }, said: "", busy: false });
    this.set({ said: message || "~refused", bad: true, busy: false });
  }

  submit(what, fields) {
    if (this.state.busy) return;
    const problems = wrong(what, fields);
    const clean = !Object.keys(problems).length;
    this.set({ problems, said: "", busy: clean, email: fields.email });
    if (clean) this.shown.port.run(what);
  }

  wait() {
    return Math.min(4_000 << Math.min(this.state.missed, 5), 30_000);
  }
}

function wrong(what, { name, email, code, terms, missing }) {
  const found = {};
  if (what == "join" && !name) found.name = "~nameMissing";
  else if (name?.length > 100) found.name = "~nameWrong";
  if (!email) found.email = "~emailMissing";
  else if (!/^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(email)) found.email = "~emailWrong";
  if (code && !/^[A-Za-z0-9-]{3,32}$/.test(code)) found.code = "~codeWrong";
  if (what == "join" && !terms) found.terms = "~termsMissing";
  for (const one of (missing || "").split(",").filter(Boolean)) found[one] = "~answerMissing";
  return found;
}

// ---- views

function Card({ state, port, act, copy }) {
  const { data } = port;
  // A text of the language with its values.
  const look = (path) => path.split(".").reduce((value, name) => value?.[name], { ...data, ...state });
  const t = (key, count, item = {}) =>
    port.text(key, count).replace(/\{([^}:]+)(?::(\w+))?\}/g, (_, path, how) => port.format(how || "", item[path] ?? look(path) ?? ""));
  const say = (text) => (text ? port.format("say", text) : "");
  const send = (event) => {
    event.preventDefault();
    port.submit(event.currentTarget);
    setTimeout(() => event.target.querySelector?.("[aria-invalid=true]")?.focus());
  };
  const edited = ({ target }) => target.name && port.edited(target);
  const all = { state, data, port, t, say, act, copy, send, edited };
  const Screen = { form: Join, signIn: SignIn, checkMail: CheckMail, me: Me }[state.screen];
  return (
    <section class="card" part="card">
      {Screen && <Screen {...all} />}
      <div class="said" role="status">
        {state.said && <p class="note" part="status" data-bad={state.bad || undefined}>{say(state.said)}</p>}
      </div>
      {data.mode == "test" && <p class="hint">{t("test")}</p>}
    </section>
  );
}

function Join(all) {
  const { data, t, act, send, edited, state } = all;
  return (
    <>
      <h2 part="title">{t("joinTitle")}</h2>
      <div part="offer">{data.rewards.map((reward) => <Reward reward={reward} t={t} />)}</div>
      {data.holdDays > 0 && <p class="hint">{t("hold", data.holdDays)}</p>}
      {data.open ? (
        <form novalidate part="form" data-gw="join" onSubmit={send} onInput={edited} onChange={edited}>
          <div class="row">
            <Field {...all} name="name" type="text" fill="name" />
            <Field {...all} name="email" type="email" fill="email" />
          </div>
          <Field {...all} name="code" type="text" fill="off" optional />
          {(data.questions || []).map((question) => <Question {...all} question={question} />)}
          <div>
            <div class="check">
              <input id="terms" name="terms" type="checkbox" aria-required="true" aria-invalid={state.problems.terms ? "true" : undefined} aria-describedby="e-terms" />
              <label for="terms">
                {t("agree")}
                {data.terms.url ? (
                  <a href={/^https?:/.test(data.terms.url) ? data.terms.url : undefined} target="_blank" rel="noopener" part="link">
                    {t("terms")}
                    <span class="offscreen"> {t("newWindow")}</span>
                  </a>
                ) : t("terms")}
                {data.terms.version && ` (${data.terms.version})`}
              </label>
            </div>
            <Problem {...all} name="terms" />
          </div>
          <Send {...all} what="join" />
        </form>
      ) : (
        <p class="note">{t("closed")}</p>
      )}
      <p class="foot">
        {t("already")} <Press act={act} what="sign-in">{t("signIn")}</Press>
      </p>
    </>
  );
}

function Reward({ reward, t }) {
  return (
    <p class="offer">
      <b>{reward.what}</b> {t("earn-" + reward.event, 0, reward)}
      {reward.maxDuration > 0 && t("forMonths", reward.maxDuration, reward)}
      {reward.maxDuration === 0 && t("firstOnly")}
      {reward.most && ` (${t("most", 0, reward)} ${t("per-" + reward.capPer)})`}
      {reward.endsAt && ` · ${t("until", 0, reward)}`}
    </p>
  );
}

function Field({ name, type, fill, optional, data, state, t, say }) {
  const wrong = state.problems[name];
  return (
    <div>
      <label for={name}>
        {t(name)}
        {optional && <span class="optional"> {t("optional")}</span>}
      </label>
      <input id={name} name={name} part="input" type={type} autocomplete={fill} aria-required={optional ? undefined : "true"}
        aria-invalid={wrong ? "true" : undefined} aria-describedby={"e-" + name} spellcheck={false} autocapitalize={name == "name" ? undefined : "none"} maxlength="254" />
      <p class="error" id={"e-" + name} part="error">{say(wrong)}</p>
      {name == "code" && <p class="hint">{data.free ? t("codeFree") : data.taken ? t("codeTaken") : ""}</p>}
    </div>
  );
}

function Question({ question: { id, label, type, required, options }, state, t, say }) {
  const name = "answers." + id;
  const wrong = state.problems[name];
  const more = { id: name, name, part: "input", "data-need": required || undefined, "aria-required": required ? "true" : undefined,
    "aria-invalid": wrong ? "true" : undefined, "aria-describedby": "e-" + name };
  return (
    <div>
      <label for={name} dir="auto">
        {label}
        {!required && <span class="optional"> {t("optional")}</span>}
      </label>
      {options?.length ? (
        <select {...more}>
          <option />
          {options.map((option) => <option>{option}</option>)}
        </select>
      ) : <input {...more} type={type} maxlength="500" />}
      <p class="error" id={"e-" + name} part="error">{say(wrong)}</p>
    </div>
  );
}

function Problem({ name, state, say }) {
  return <p class="error" id={"e-" + name} part="error">{say(state.problems[name])}</p>;
}

function Send({ what, state, t }) {
  return <button type="submit" part="button" aria-disabled={state.busy ? "true" : undefined}>{state.busy ? t("wait") : t("do-" + what)}</button>;
}

function Press({ act, what, children }) {
  return <button class="link" type="button" part="link-button" onClick={() => act(what)}>{children}</button>;
}

function SignIn(all) {
  const { t, act, send, edited } = all;
  return (
    <>
      <h2 part="title">{t("signInTitle")}</h2>
      <p class="muted">{t("signInHint")}</p>
      <form novalidate part="form" data-gw="sign-in" onSubmit={send} onInput={edited}>
        <Field {...all} name="email" type="email" fill="email" />
        <Send {...all} what="sign-in" />
      </form>
      <p class="foot"><Press act={act} what="back">{t("back")}</Press></p>
    </>
  );
}

function CheckMail({ t, act }) {
  return (
    <>
      <div role="status">
        <h2 part="title">{t("checkTitle")}</h2>
        <p class="muted">{t("checkHint")}</p>
      </div>
      <p class="foot"><Press act={act} what="back">{t("back")}</Press></p>
    </>
  );
}

function Me({ data: { me }, state, t, act, copy }) {
  return (
    <>
      <h2 part="title">{t(state.fresh ? "joinedTitle" : "meTitle")}</h2>
      {me.status == "pending" && <p class="note">{t("pending")}</p>}
      {["rejected", "banned"].includes(me.status) && <p class="note">{t(me.status)} {me.reason}</p>}
      {me.link && (
        <div class="give" part="give">
          <dl>
            <Value name="code" value={me.link.code} t={t} copy={copy} />
            <Value name="link" value={me.link.shortLink} t={t} copy={copy} />
          </dl>
          {me.qr && (
            <div class="picture">
              <svg class="qr" part="qr" role="img" aria-label={t("qr")} viewBox={me.qr.box} shape-rendering="crispEdges"><path d={me.qr.path} fill="#000" /></svg>
            </div>
          )}
        </div>
      )}
      {!me.emailProven && <p class="note">{t(state.email ? "proveFresh" : "prove")}</p>}
      <p class="foot"><Press act={act} what="sign-out">{t("signOut")}</Press></p>
    </>
  );
}

function Value({ name, value, t, copy }) {
  const key = name[0].toUpperCase() + name.slice(1);
  return (
    <>
      <dt>{t("your" + key)}</dt>
      <dd class="copy">
        <bdi class={name == "code" ? "code" : undefined} part="value">{value}</bdi>
        <button class="quiet" type="button" part="copy-button" aria-label={t("copy" + key)} onClick={() => copy(name, value)}>{t("copy")}</button>
      </dd>
    </>
  );
}
