// `<goodword-offer>` and `<goodword-leaderboard>`: what a visitor gets, and who brings most.

export const CSS = "__GW_CSS__";
export const VIEWS = "__GW_VIEWS__";

const PERIODS = ["month", "quarter", "year", "all"];

/** What the port may ask of these elements. */
export function begin(port, { element, kind, context }) {
  const { data } = port;
  const program = port.program && "&programId=" + port.program;

  const offer = async () => {
    const { referral } = context.page;
    const name = data.code || referral?.key || "";
    const query = `${name && "&code=" + encodeURIComponent(name)}${referral?.clickId ? "&clickId=" + referral.clickId : ""}${program}`;
    const { ok, body } = await port.send("embed/offer", { query });
    if (!ok) throw new Error("there is no offer for this code");
    data.offer = { ...body, name: body.name || "" };
    data.code = body.code;
    // Fills the vendor's field where told to, and never over what somebody typed.
    const field = element.getAttribute("fill") && document.querySelector(element.getAttribute("fill"));
    if (field && !field.value) {
      field.value = body.coupon || body.code;
      for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
    }
  };

  const board = async (period) => {
    const own = !!port.token();
    const query = `${own ? "" : program}&period=${period}`;
    const { ok, body } = await port.send(own ? "embed/me/leaderboard" : "embed/leaderboard", { query, own });
    if (!ok) throw new Error("there is no leaderboard");
    body.rows = body.rows.map((row) => ({ ...row, name: row.name || "", own: !!row.own }));
    data.board = body;
    data.periods = PERIODS.map((name) => ({ name, on: String(name == period) }));
  };

  return {
    async load() {
      await (kind == "offer" ? offer() : board(PERIODS.find((name) => name == element.getAttribute("period")) || "month"));
    },
    async period(name) {
      await board(name).catch(() => port.act("lost"));
      port.act("redraw");
    },
  };
}
