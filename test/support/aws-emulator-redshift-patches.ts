import type { Patch } from './aws-emulator-patches.ts'
import { errorAnswer } from './aws-emulator-requests.ts'

/** moto has no Redshift Serverless at all. */
export const redshiftServerlessPatches: Readonly<Record<string, Patch>> = {
  // Redshift Serverless API reference, GetWorkgroup: workgroup.workgroupId, or ResourceNotFoundException.
  async GetWorkgroup({ account, body, service }, _, { workgroups }) {
    const { workgroupName } = JSON.parse(body)
    const workgroupId = workgroups.get(`${account}/${workgroupName}`)
    if (workgroupId === undefined)
      return errorAnswer(400, 'ResourceNotFoundException', `Workgroup ${workgroupName} not found.`, service)
    return { status: 200, body: JSON.stringify({ workgroup: { workgroupName, workgroupId, status: 'AVAILABLE' } }) }
  },
}
