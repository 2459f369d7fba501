// What the module asks of the page for one element: requests, the partner's session, texts and formats, and what to do.
// Nothing here throws into the module: what goes wrong becomes something that happened.

const LIFE = 15 * 60;
const RENEW_AFTER = 5 * 60;
const LANGUAGES = "__GW_LANGUAGES__";
// Settings that a preview leaves out.
const UNSAID = { theme: null, properties: {}, languages: [], questions: [], shareTexts: [], assets: [], leaderboard: null };
const NAMES = "__GW_NAMES__".split(" ");

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

const now = () => Math.floor(Date.now() / 1000);
const kept = {};
const configs = {};
const languages = {};

const storage = (work) => {
  try {
    return work(sessionStorage);
  } catch {
    // Refused storage only means that the next page asks to sign in again.
  }
};

// Minor units as decimal text, digit by digit: no float touches money.
const decimal = (minor, digits) => {
  const text = String(Math.abs(minor)).padStart(digits + 1, "0");
  const cut = text.length - digits;
  return (minor < 0 ? "-" : "") + text.slice(0, cut) + (digits ? "." + text.slice(cut) : "");
};

export class Port {
  constructor(shown, ticket) {
    const { context, element, kind } = shown;
    const get = (name) => element?.getAttribute(name) || "";
    this.shown = shown;
    this.context = context;
    this.kind = kind;
    this.ticket = ticket;
    this.program = get("program") || context.program || "";
    this.lang = this.tongue(element);
    this.place = `gw_token:${context.key || ""}:${this.program}`;
    this.data = { code: get("code") };
  }

  act(what, value) {
    this.shown.widget?.act(what, value ? String(value) : "");
  }

  // ---- texts and formats

  /** The language to speak, of those that the program allows where it says so. */
  tongue(element, allowed) {
    const code = (tag) => tag.slice(0, 2).toLowerCase();
    const wish = [element?.closest("[lang]")?.lang, ...(navigator.languages || []), "en", ...(allowed || [])];
    return wish.find((tag) => tag && LANGUAGES[code(tag)] && (!allowed || allowed.includes(code(tag)))) || "en";
  }

  /** Fetches the language, and with it what only this element says, which knows the names of that. */
  async learn() {
    const [base, rest] = LANGUAGES[this.lang.slice(0, 2).toLowerCase()];
    const get = (file) => (languages[file] ||= import(`${this.context.host}/w/${file}`));
    const read = async (names, file) => {
      const texts = (await get(file)).default.split("\n");
      return (await names).map((name, i) => [name, texts[i]]);
    };
    const parts = [read(NAMES, base)];
    if (this.kind == "share") parts.push(read(this.besides.then(({ NAMES }) => NAMES), rest));
    const all = (await Promise.all(parts)).flat();
    this.words = Object.fromEntries(all);
  }

  text(key, count) {
    const text = this.shown.element.texts?.[key] ?? this.data.texts?.[key] ?? this.words[key] ?? key.replace(/.*?-/, "");
    const cases = text.split("|");
    if (cases.length < 2) return text;
    const start = this.intl((l) => new Intl.PluralRules(l).select(count)) + "=";
    return cases.find((one) => one.startsWith(start))?.slice(start.length) ?? cases.at(-1);
  }

  intl(make) {
    try {
      return make(this.lang);
    } catch {
      return make("en");
    }
  }

  format(how, value) {
    const day = (options) => (text) => this.intl((l) => new Intl.DateTimeFormat(l, options).format(new Date(text)));
    if (how == "say") return value[0] == "~" ? this.text(value.slice(1)) : value;
    if (how == "d") return value.replace(/`|\d{4}-\d\d-\d\dT[\d:.]+Z/g, (found) => (found == "`" ? "" : day({ dateStyle: "medium" })(found)));
    if (how == "day") return day({ day: "numeric", month: "short", timeZone: "UTC" })(value);
    if (how == "month") return day({ year: "numeric", month: "long", timeZone: "UTC" })(value);
    if (how == "n") return this.intl((l) => new Intl.NumberFormat(l).format(value));
    if (how == "%") return this.intl((l) => new Intl.NumberFormat(l, { style: "percent", maximumFractionDigits: 2 }).format(value));
    if (how == "m") return this.money(value);
    return String(value);
  }

  money(minor) {
    const { exponent, currency } = this.data;
    const digits = { minimumFractionDigits: exponent, maximumFractionDigits: exponent };
    return this.intl((l) => new Intl.NumberFormat(l, { style: "currency", currency, ...digits }).format(decimal(minor, exponent)));
  }

  /** What a reward or the next step pays: a share, an amount, so many of a unit, or a range of these. */
  rate({ percentage, amount, unit, steps }) {
    if (steps) return [steps[0], steps.at(-1)].map((step) => this.rate({ unit, ...step })).join(" – ");
    if (percentage) return this.format("%", percentage + "e-2");
    return this.worth(amount || 0, unit);
  }

  /** An amount of the program's currency, or so many points, credits or free months. */
  worth(amount, unit) {
    return /^(points|credits|months)$/.test(unit) ? this.fill(unit, amount) : this.money(amount);
  }

  fill(key, count) {
    return this.text(key, count).replace(/\{[^}]*\}/, this.format("n", count));
  }

  // ---- requests: given up after three seconds; one that may be repeated is tried once more, after a random wait

  async send(path, { body, own, once, known, query = "" } = {}) {
    const { host, key } = this.context;
    const headers = own ? { Authorization: "Bearer " + this.token() } : {};
    if (known) headers["If-None-Match"] = known;
    const attempt = async () => {
      const answer = await fetch(`${host}/v1/${path}?${own ? "" : "pk=" + (key || "")}${query}`, {
        method: body ? "POST" : "GET", body: body && JSON.stringify(body), headers, cache: "no-store",
        signal: AbortSignal.timeout(3_000),
      });
      const { status, ok } = answer;
      if (status == 429 || status > 499) throw status;
      const json = status == 304 || status == 401 ? {} : await answer.json();
      return { status, ok, body: json, tag: answer.headers.get("ETag"), code: json.error?.code, message: json.error?.message || "" };
    };
    try {
      return await attempt();
    } catch (error) {
      if (once) throw error;
    }
    await sleep(300 + Math.random() * 700);
    return attempt();
  }

  /** Sends what somebody asked for; what was taken is told to `then`. */
  async post(path, body, then, more) {
    if (this.context.preview) return this.act("say", "~test");
    try {
      const answer = await this.send(path, { body, once: 1, ...more });
      if (answer.ok) then(answer.body);
      else this.act("refused", answer.message);
    } catch {
      this.act("lost");
    }
  }

  // ---- the session: the partner's token, in memory for all elements of the page, and in sessionStorage for the next page.
  // It lives 15 minutes by this browser's clock; the server's 401 has the last word.

  find() {
    const found = kept[this.place] || (storage((s) => s[this.place]) || "").split(" ");
    return found[1] && now() - found[0] < LIFE ? found : [];
  }

  token() {
    return this.find()[1];
  }

  keep(token) {
    kept[this.place] = [now(), token];
    storage((s) => (s[this.place] = kept[this.place].join(" ")));
  }

  forget() {
    kept[this.place] = 0;
    storage((s) => s.removeItem(this.place));
  }

  /** A ticket of ours, or a vendor's word, against a token. */
  async trade(path, body) {
    try {
      const answer = await this.send("embed/" + path, { body, once: 1 });
      if (answer.body.token) this.keep(answer.body.token);
      this.shown.announce();
    } catch {
      // Without it the element shows what it shows to everybody.
    }
  }

  session() {
    this.act("session", this.token());
  }

  seen() {
    return this.context.seen?.() || "";
  }

  // ---- the program

  /** Asks for the program, once for all elements that are of it; never fails. */
  async config() {
    if (this.ticket) await this.trade("ticket", { ticket: this.ticket });
    const lang = this.lang.slice(0, 2).toLowerCase();
    const query = `&lang=${lang}${this.program && "&programId=" + this.program}`;
    const place = this.place + query;
    const ask = () => this.send("embed/config", { query }).catch(() => ({ code: "network", message: "the server does not answer" }));
    const answer = await (configs[place] ||= ask());
    if (!answer.ok) delete configs[place];
    return answer;
  }

  /** Takes the program in; whether there is a session, or nothing where it failed. */
  async settle(config) {
    const { ok, status, body, code, message } = await config;
    const fail = (...why) => void this.shown.fail(...why);
    if (status == 401) return fail("unauthorized", "the key is not accepted on this page");
    if (!ok) return fail(code || "network", message);
    const { preview } = this.context;
    if (preview) Object.assign(body, UNSAID, preview, { texts: preview.texts?.[this.lang.slice(0, 2).toLowerCase()] });
    const lang = this.tongue(this.shown.element, body.languages?.length ? body.languages : null);
    if (lang.slice(0, 2) != this.lang.slice(0, 2)) {
      // Another language than was thought before the program had a say: its words, and the vendor's own in it.
      this.lang = lang;
      await this.learn().catch(() => 0);
      return this.settle(this.config());
    }
    try {
      // What a view looks for in an item and does not find there must not be found here: so the program's own name is left out.
      Object.assign(this.data, body, { name: null });
      this.data.rewards = body.rewards.map((one) => ({
        ...one, what: this.rate(one), most: one.cap ? this.worth(one.cap, one.unit) : "",
      }));
    } catch {
      return fail("malformed", "the server's answer makes no sense");
    }
    try {
      await this.more?.load?.();
    } catch (error) {
      return fail("unavailable", String(error.message || error));
    }
    return this.token() || "";
  }

  // ---- forms

  submit(form) {
    const fields = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]));
    fields.missing = [...form.querySelectorAll("[data-need]")].filter((one) => !one.value.trim()).map((one) => one.name).join();
    this.form = form;
    this.fields = fields;
    this.shown.widget?.submit(form.dataset.gw, fields);
  }

  edited(field) {
    const { name, value } = field;
    this.act("edit", name);
    if (name != "code") return this.more?.typed?.(field);
    clearTimeout(this.typing);
    Object.assign(this.data, { free: 0, taken: 0 });
    this.typing = setTimeout(() => this.look(value.trim()), 400);
  }

  // Whether a code can be had, while it is typed. No answer is no harm.
  async look(code) {
    if (code.length < 3) return this.act("redraw");
    try {
      const query = `&code=${encodeURIComponent(code)}${this.program && "&programId=" + this.program}`;
      const { ok, body } = await this.send("embed/code", { query });
      if (ok) Object.assign(this.data, { free: body.free, taken: !body.free });
    } catch {}
    this.act("redraw");
  }

  // ---- what the module wants done

  run(what, value) {
    try {
      if (this.more?.[what]) this.more[what](value);
      else this["on_" + what.replace("-", "_")]?.(value);
    } catch (error) {
      this.context.warn(error);
    }
  }

  on_show() {
    this.shown.ready();
  }

  on_fail(message) {
    this.shown.fail("network", message);
  }

  on_forget() {
    this.forget();
    this.watching = null;
    this.shown.announce();
  }

  on_watch() {
    if (!this.watching) this.watch();
  }

  on_join() {
    const { name, email, code } = this.fields;
    const answers = {};
    for (const [key, value] of Object.entries(this.fields)) if (value && key.startsWith("answers.")) answers[key.slice(8)] = value;
    const body = {
      name, email, code, answers, termsAccepted: true, termsVersion: this.data.terms.version,
      page: this.page(), programId: this.program || null, visitorId: this.seen() || null, lang: this.lang,
    };
    this.post("embed/join", body, ({ status, token, me }) => {
      if (!status) throw status;
      if (token && me) {
        this.keep(token);
        this.me(me);
      }
      this.act("joined", token && me?.status);
      if (!token || !me) return;
      this.shown.emit("joined", { code: me.link?.code || "", link: me.link?.shortLink || "" });
      this.on_watch();
    });
  }

  on_sign_in() {
    this.post("embed/sign-in", { email: this.fields.email, page: this.page(), programId: this.program || null }, () => this.act("mailed"));
  }

  on_signup() {
    const { name, email } = this.fields;
    const body = {
      clickId: this.context.page.referral?.clickId, code: this.data.code || null, customerName: name, customerEmail: email,
      programId: this.program || null, touch: "form",
    };
    const then = ({ customer }) => {
      if (!customer) throw customer;
      this.act("led");
      this.shown.emit("lead", { email });
    };
    this.post("track/lead", body, then, { once: 0 });
  }

  page() {
    return this.context.href || location.origin + location.pathname + location.search;
  }

  // ---- the partner's page, looked at again and again while somebody can see it

  me(me) {
    if (!me.totals) throw me;
    if (me.qr) me.qr.box = `0 0 ${me.qr.size} ${me.qr.size}`;
    this.data.me = me;
    this.more?.me?.(me);
  }

  async watch() {
    let known;
    const mine = (this.watching = {});
    while (this.watching == mine && this.token()) {
      try {
        const seen = this.seen();
        const { ok, status, body, tag } = await this.send("embed/me", { own: 1, once: 1, known, query: seen && "&visitorId=" + seen });
        if (ok) {
          this.me(body);
          known = tag;
          this.act("me");
        } else if (status == 304) this.act("unchanged");
        else {
          this.forget();
          break;
        }
      } catch {
        this.act("missed");
      }
      if (now() - this.find()[0] > RENEW_AFTER) await this.renew();
      if (!(await this.shown.tick(this.shown.widget?.wait() || 4_000))) break;
    }
    if (this.watching == mine) this.watching = null;
    if (!this.token()) this.session();
  }

  async renew() {
    try {
      const { body } = await this.send("embed/renew", { own: 1, once: 1, body: {} });
      if (body.token) this.keep(body.token);
    } catch {}
  }
}
