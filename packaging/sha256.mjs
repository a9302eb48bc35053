/**
 * Stands for the checksums of the AWS SDK in the file of the signer: of two that it brings, the one in JavaScript. The
 * other needs node:crypto, which takes longer to load than a token takes to sign with this one.
 */
export {
  Sha256Js as Sha256,
  Sha256Js,
} from '../node_modules/@smithy/core/dist-es/submodules/checksum/sha256/Sha256Js.js'
