/**
 * Stands in the bundle for the libraries with which oclif searches for plugins, commands and configuration files. All
 * of that is handed to it (src/bin/root-plugin.ts), so nothing calls them; loading them would cost 1 ms of each run. And
 * for the search for credentials of the AWS SDK, in the files of clients that are given theirs (packaging/build.mjs).
 */
exports.isWsl = false
exports.defaultProvider =
  exports.fromNodeProviderChain =
  exports.glob =
  exports.minimatch =
  exports.lilconfig =
    () => {
      throw new Error('this library was left out of the bundle: see packaging/left-out.cjs')
    }
