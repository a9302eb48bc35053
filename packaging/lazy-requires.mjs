import { readFile } from 'node:fs/promises'

const DECLARATION = /^(?:const|var) (\w+_\d+) = (?=(?:__importDefault\(|__importStar\()?require\(")/gm

/** oclif loads all of itself, with a dozen modules of Node, for any command; so each is loaded where it is first used. */
export function lazyRequires() {
  return {
    name: 'lazy-requires',
    setup({ onLoad }) {
      onLoad({ filter: /\/@oclif\/core\/lib\/.*\.js$/ }, async ({ path }) => ({
        contents: makeLazy(await readFile(path, 'utf8')),
      }))
    },
  }
}

/** What TypeScript made of an import, `const x_1 = require("x")` and its uses, as functions. */
function makeLazy(text) {
  const names = [...text.matchAll(DECLARATION)].map(([, name]) => name)
  if (names.length === 0) return text
  const uses = new RegExp(`\\b(${names.join('|')})\\b(?! = )`, 'g')
  return text.replace(uses, '($1())').replace(DECLARATION, 'const $1 = () => ')
}
