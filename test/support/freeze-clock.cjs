/** Loaded before the program (`NODE_OPTIONS=--require=…`): its clock stands at `FROZEN_AT`. Timers run as ever. */
const at = Date.parse(process.env.FROZEN_AT)

globalThis.Date = class extends Date {
  constructor(...given) {
    super(...(given.length === 0 ? [at] : given))
  }
  static now() {
    return at
  }
}
