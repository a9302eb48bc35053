import { dirname } from 'node:path'

/**
 * Of the two SHA-256 that the AWS SDK brings, the one in JavaScript, for what hashes little: the other needs node:crypto,
 * which takes longer to load than a token takes to sign.
 */
export function hashInJavaScript() {
  return {
    name: 'hash-in-javascript',
    setup({ onLoad }) {
      onLoad({ filter: /\/checksum\/sha256\/Sha256Node\.js$/ }, ({ path }) => ({
        contents: 'export { Sha256Js as Sha256Node } from "./Sha256Js"',
        resolveDir: dirname(path),
      }))
    },
  }
}
