/**
 * The search for credentials alone, for what signs and asks nobody: each source of it is loaded when its turn comes. What
 * talks to AWS finds the same in the file of IAM.
 */
export { fromIni, fromNodeProviderChain } from '@aws-sdk/credential-providers'
