const LONGEST = 200

// Control, format (bidirectional overrides, zero-width) and line-separating characters, and lone surrogates.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

const ASCII = /^[ -~]*$/

/** Makes text safe to show on a terminal: what could move the cursor or reorder the line is spelled as `\u{…}`. */
export function escapeControls(text: string): string {
  return ASCII.test(text) ? text : text.replace(UNSAFE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}

/** The value as an error message shows it: in double quotes, harmless on a terminal, and cut where it is endless. */
export function quote(text: string): string {
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
  return `"${escapeControls(shown)}"`
}

/** One word for sh, bash and zsh; zsh would look for a command where a word begins with `=`. */
export function shellQuote(text: string): string {
  return /^[\w@%+:,./-][\w@%+=:,./-]*$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** As {@link shellQuote}, but what is invisible or reorders the line is spelled out: the line shows what it does. */
export function visibleShellQuote(text: string): string {
  if (text.search(UNSAFE) === -1) return shellQuote(text)
  const format = text.replaceAll('\\', '\\\\').replaceAll('%', '%%').replaceAll("'", octal).replace(UNSAFE, octal)
  return `"$(printf '${format}')"`
}

/** As printf takes it in each shell. */
function octal(character: string): string {
  return Array.from(new TextEncoder().encode(character), (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')
}
