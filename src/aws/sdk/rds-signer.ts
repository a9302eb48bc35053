/**
 * What signs tokens for databases. It is given its credentials, so its own search for them is not called. The hash in
 * JavaScript is AWS's own too: to load `node:crypto` takes longer than all the rest.
 */
export { Signer } from '@aws-sdk/rds-signer'
export { Sha256Js } from '@smithy/core/checksum'
