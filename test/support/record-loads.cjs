/**
 * For `node --require`: at exit, writes what the process has loaded, and which code caches V8 took, to the file that
 * RECORD_LOADS names.
 */
const vm = require('node:vm')
const { basename } = require('node:path')

const caches = []
vm.Script = class extends vm.Script {
  constructor(source, options) {
    super(source, options)
    caches.push({ name: basename(options.filename), isAccepted: this.cachedDataRejected === false })
  }
}
process.on('exit', () => {
  const builtins = process.moduleLoadList.flatMap((entry) => /^NativeModule (.+)$/.exec(entry)?.[1] ?? [])
  const files = Object.keys(require.cache)
  require('node:fs').writeFileSync(process.env.RECORD_LOADS, JSON.stringify({ builtins, files, caches }))
})
