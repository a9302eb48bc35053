/** Tells a person what goes on, beside the answer. */
export interface Teller {
  readonly note: (text: string) => void
  /** While this work goes on, what is told goes there: to whoever draws on the terminal meanwhile. */
  readonly during: <T>(tell: (text: string) => void, work: () => Promise<T>) => Promise<T>
}

export function teller(usual: (text: string) => void): Teller {
  let tell = usual
  return {
    note: (text) => tell(text),
    async during(other, work) {
      tell = other
      try {
        return await work()
      } finally {
        tell = usual
      }
    },
  }
}
