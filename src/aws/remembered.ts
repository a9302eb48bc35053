/** Asks once for the same arguments, for however many want to know at a time; what failed is asked again. */
export function remembered<Arguments extends readonly unknown[], Answer>(
  ask: (...about: Arguments) => Promise<Answer>,
): (...about: Arguments) => Promise<Answer> {
  const answers = new Map<string, Promise<Answer>>()
  return (...about) => {
    const key = JSON.stringify(about)
    const known = answers.get(key)
    if (known !== undefined) return known
    const asked = ask(...about)
    answers.set(key, asked)
    asked.catch(() => answers.delete(key))
    return asked
  }
}
