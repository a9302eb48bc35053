/** Stands in the bundle for oclif's log of what it does, which takes 2 ms to load even where nobody reads it. */
module.exports = process.env.DEBUG === undefined ? () => () => {} : require('../node_modules/debug/src/index.js')
