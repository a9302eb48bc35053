import { declareFaults } from '../../../support/estate-faults.ts'

await declareFaults('repairing')
