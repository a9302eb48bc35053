import { declareKills } from '../../../support/estate-kills.ts'

await declareKills('repairing')
