/** What the analyst says about the files that are added next; kept while other screens are open. */
import type { AcquisitionDetails, StorageChoice } from '../../../main/contract/intake.ts'
import { kept } from '../../kept.ts'

export interface Choices {
  readonly details: AcquisitionDetails
  readonly caseId: string | null
  /** Of paths only: what comes through a browser is always copied. */
  readonly storage: StorageChoice
}

export const NO_DETAILS: AcquisitionDetails = {
  source: '',
  claimedDate: null,
  claimedPlace: '',
  language: '',
  tlp: 'AMBER',
  note: '',
}

export const choices = kept<Choices>({ details: NO_DETAILS, caseId: null, storage: 'copy' })
