const EMPTIEST = 1024

/**
 * Remembers names by 64 bits of each, in 16 to 32 bytes a name: a million texts would be ten times as much. It never
 * forgets a name; that it takes a new one for known is as good as impossible, and whoever asks must bear it.
 */
export class SeenNames {
  #slots = new Uint32Array(2 * EMPTIEST)
  #size = 0

  /** Answers whether the name was there already. */
  add(name: string): boolean {
    if (this.#size * 4 > this.#slots.length) this.#grow()
    const isKnown = put(this.#slots, ...bitsOf(name))
    if (!isKnown) this.#size += 1
    return isKnown
  }

  #grow(): void {
    const larger = new Uint32Array(2 * this.#slots.length)
    for (let slot = 0; slot < this.#slots.length; slot += 2) {
      const low = this.#slots[slot] ?? 0
      if (low !== 0) put(larger, low, this.#slots[slot + 1] ?? 0)
    }
    this.#slots = larger
  }
}

/** Open addressing: a slot is two words, the first of them zero where it is free. */
function put(slots: Uint32Array, low: number, high: number): boolean {
  const mask = slots.length - 1
  for (let slot = (high * 2) & mask; ; slot = (slot + 2) & mask) {
    if (slots[slot] === 0) {
      slots[slot] = low
      slots[slot + 1] = high
      return false
    }
    if (slots[slot] === low && slots[slot + 1] === high) return true
  }
}

/** Two hashes in one pass (FNV-1a and a relative of it), mixed at the end as MurmurHash3 does. */
function bitsOf(name: string): readonly [number, number] {
  let low = 0x811c9dc5
  let high = 0x9747b28c
  for (let index = 0; index < name.length; index += 1) {
    const unit = name.charCodeAt(index)
    low = Math.imul(low ^ unit, 0x01000193)
    high = Math.imul(high ^ unit, 0x85ebca6b) + 0x165667b1
  }
  return [mixed(low) || 1, mixed(high)]
}

function mixed(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35)
  return (twice ^ (twice >>> 16)) >>> 0
}
