import { describe, expect, it } from 'vitest'
import { CaseFields, EntityInput } from './cases.ts'
import { changesTo } from './common.ts'
import { AcquisitionDetails } from './intake.ts'

describe('a change of some fields of a form', () => {
  it('holds what was given and nothing else', () => {
    expect(changesTo(AcquisitionDetails).parse({ tlp: 'RED' })).toEqual({ tlp: 'RED' })
    expect(changesTo(CaseFields).parse({ title: ' A ' })).toEqual({ title: 'A' })
    expect(changesTo(EntityInput.omit({ kind: true })).parse({ name: 'x' })).toEqual({ name: 'x' })
    expect(changesTo(AcquisitionDetails).parse({ claimedDate: null })).toEqual({ claimedDate: null })
  })

  it('is still checked field by field', () => {
    expect(changesTo(AcquisitionDetails).safeParse({ tlp: 'PURPLE' }).success).toBe(false)
    expect(changesTo(CaseFields).safeParse({ title: '' }).success).toBe(false)
  })
})
