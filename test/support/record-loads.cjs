/** For `node --require`: at exit, writes what the process has loaded to the file that RECORD_LOADS names. */
process.on('exit', () => {
  const builtins = process.moduleLoadList.flatMap((entry) => /^NativeModule (.+)$/.exec(entry)?.[1] ?? [])
  const files = Object.keys(require.cache)
  require('node:fs').writeFileSync(process.env.RECORD_LOADS, JSON.stringify({ builtins, files }))
})
