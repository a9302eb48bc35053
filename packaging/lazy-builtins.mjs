/** What libraries import of Node.js and mostly do not use: 5 ms for node:crypto alone, 14 for node:https. */
const SLOW = /^(?:node:)?(async_hooks|child_process|crypto|fs\/promises|http|https|http2|os|stream|zlib)$/
/** Functions that a library keeps in a variable of its own when it is loaded. */
const AT_ONCE = ['getRandomValues']

/** Modules of Node.js that are loaded when something of them is first used. */
export function lazyBuiltins() {
  return {
    name: 'lazy-builtins',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: SLOW }, ({ path, namespace }) =>
        namespace === 'lazy-builtin' ? undefined : { path, namespace: 'lazy-builtin' },
      )
      // esbuild copies the properties of what was imported, which would load it, and keeps its prototype.
      onLoad({ filter: /^/, namespace: 'lazy-builtin' }, ({ path }) => ({
        contents: `const late = (name) => (...given) => require(${JSON.stringify(path)})[name](...given)
          const load = (_, name) => {
            if (name === '__esModule') return undefined
            return ${JSON.stringify(AT_ONCE)}.includes(name) ? late(name) : require(${JSON.stringify(path)})[name]
          }
          module.exports = Object.create(new Proxy({}, { get: load }))`,
      }))
    },
  }
}
