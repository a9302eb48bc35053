export { endLending as default } from './moto-lender.ts'
