// Every way into the module goes through here: after a panic the module's memory is in doubt, so nobody enters again,
// nothing reaches the page's error handlers, and the elements show what they showed before.

// The glue takes answers apart (`answer[0]`, `answer >>> 0`); this one can be taken apart in every way it knows.
const NOTHING = Object.freeze([]);

let dead = false;
let mourn = () => {};

/** Names who is told when the module has died. */
export const watch = (listener) => {
  mourn = listener;
};

/** The module's exports, each function inside a try. */
export const guard = (exports) => {
  const guarded = {};
  for (const [name, value] of Object.entries(exports)) {
    guarded[name] = typeof value != "function" ? value : (...args) => {
      if (dead) return NOTHING;
      try {
        return value(...args);
      } catch (error) {
        dead = true;
        mourn(error);
        return NOTHING;
      }
    };
  }
  return guarded;
};
