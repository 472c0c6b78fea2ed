import { assert, constantFrom, property, array } from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TLP_LEVELS, type Tlp } from '../contract/common.ts'
import { Evidence } from '../contract/intake.ts'
import { verifyChain } from './audit.ts'
import {
  acquisitionById,
  addAcquisition,
  addCustody,
  custodyOf,
  describeEvidence,
  evidenceById,
  evidenceBySha,
  evidenceFile,
  insertEvidence,
  listEvidence,
  setStored,
  strictest,
} from './evidence.ts'
import { arrival, scratch, type Scratch } from './fixtures/scratch.ts'

let at: Scratch
beforeEach(() => {
  at = scratch()
})
afterEach(() => at.remove())
const audited = () => at.lib.db.prepare('SELECT action FROM audit ORDER BY seq').pluck().all()

const rank = (mark: Tlp) => TLP_LEVELS.indexOf(mark)

describe('an evidence item', () => {
  it('is what the contract says, found by id and by hash', async () => {
    const { id, sha256 } = await at.item('a', { source: 'a friend' })
    const item = evidenceById(at.lib, id)
    expect(Evidence.parse(item)).toEqual(item)
    expect(evidenceBySha(at.lib, sha256)).toEqual(item)
    expect(evidenceBySha(at.lib, '0'.repeat(64))).toBeNull()
    expect(() => evidenceById(at.lib, 'nothing')).toThrow('no such record')
    expect(audited()).toContain('evidence.admitted')
  })

  it('carries the strictest mark of its arrivals, and the name of the first', async () => {
    const { id } = await at.item('a', { tlp: 'GREEN' })
    addAcquisition(at.lib, 'analyst', id, arrival({ tlp: 'RED' }, 'again.mp4'))
    addAcquisition(at.lib, 'analyst', id, arrival({ tlp: 'CLEAR' }, 'third.mp4'))
    const item = evidenceById(at.lib, id)
    expect(item).toMatchObject({ tlp: 'RED', name: 'clip.mp4' })
    expect(item.acquisitions.map((one) => one.name)).toEqual(['clip.mp4', 'again.mp4', 'third.mp4'])
    expect(acquisitionById(at.lib, item.acquisitions[0]!.id)).toEqual({ evidenceId: id, first: true })
    expect(acquisitionById(at.lib, item.acquisitions[2]!.id)).toEqual({ evidenceId: id, first: false })
    expect(acquisitionById(at.lib, 'nothing')).toBeNull()
  })

  it('never has a mark below that of any arrival', () => {
    assert(
      property(array(constantFrom(...TLP_LEVELS), { minLength: 1 }), (marks) => {
        expect(rank(strictest(marks))).toBe(Math.max(...marks.map(rank)))
      }),
    )
  })

  it('is listed newest first', async () => {
    const ids = [await at.item('a'), await at.item('b'), await at.item('c')].map((one) => one.id)
    expect(listEvidence(at.lib).map((one) => one.id)).toEqual(ids.reverse())
  })

  it('cannot be the same bytes twice', async () => {
    const { sha256 } = await at.item('a')
    const again = { sha256, blake3: sha256, size: 1, container: 'mp4', storage: 'copied', reference: null } as const
    expect(() => insertEvidence(at.lib, 'analyst', { ...again, acquisition: arrival() })).toThrow('UNIQUE')
    expect(verifyChain(at.lib.db).brokenAt).toBeNull()
  })
})

describe('describing items', () => {
  it('sets what is given on every arrival, leaves the rest, and says so in custody and audit', async () => {
    const one = await at.item('a', { source: 'x', note: 'kept' })
    const two = await at.item('b')
    addAcquisition(at.lib, 'analyst', one.id, arrival({ source: 'y' }))
    const items = describeEvidence(at.lib, [one.id, two.id], { tlp: 'RED', claimedPlace: 'Kharkiv' }, 'cli')
    expect(items.map((item) => item.id)).toEqual([one.id, two.id])
    expect(items[0]!.acquisitions.map((a) => [a.details.source, a.details.note, a.details.claimedPlace])).toEqual([
      ['x', 'kept', 'Kharkiv'],
      ['y', '', 'Kharkiv'],
    ])
    expect(items[1]!.tlp).toBe('RED')
    expect(custodyOf(at.lib, two.id).at(-1)).toMatchObject({
      actor: 'cli',
      action: 'described',
      detail: 'tlp, claimedPlace',
    })
    expect(audited().filter((action) => action === 'evidence.described')).toHaveLength(2)
  })

  it('changes none where one of them is not there', async () => {
    const { id } = await at.item('a')
    expect(() => describeEvidence(at.lib, [id, 'nothing'], { tlp: 'RED' })).toThrow('no such record')
    expect(evidenceById(at.lib, id).tlp).toBe('AMBER')
  })
})

describe('custody', () => {
  it('is kept in order and joins the audit chain', async () => {
    const { id } = await at.item('a')
    addCustody(at.lib, id, 'assay', 'analysed', '3 signals')
    expect(custodyOf(at.lib, id).map((entry) => [entry.actor, entry.action, entry.detail])).toEqual([
      ['analyst', 'acquired', 'clip.mp4'],
      ['assay', 'analysed', '3 signals'],
    ])
    expect(audited().at(-1)).toBe('custody.added')
    expect(() => addCustody(at.lib, 'nothing', 'assay', 'analysed', '')).toThrow('no such record')
  })
})

describe('where the original lies', () => {
  it('is the vault, by hash', async () => {
    const { id, sha256, file } = await at.item('abc')
    expect(evidenceFile(at.lib, id)).toEqual({ path: file, sha256, size: 3, identity: null })
  })

  it('is where it was left, with what it must still be, until a copy comes in', () => {
    const reference = {
      path: '/card/clip.mp4',
      dev: '66305',
      ino: '9007199254740993',
      size: 5,
      mtimeNs: '1700000000000000001',
    }
    const hashes = { sha256: 'a'.repeat(64), blake3: 'b'.repeat(64) }
    const left = { ...hashes, size: 5, container: 'mp4', storage: 'referenced', reference } as const
    const id = insertEvidence(at.lib, 'analyst', { ...left, acquisition: arrival() })
    const { path, dev, ino, mtimeNs } = reference
    expect(evidenceFile(at.lib, id)).toEqual({ path, sha256: hashes.sha256, size: 5, identity: { dev, ino, mtimeNs } })
    setStored(at.lib, 'analyst', id, 'copied', { at: new Date().toISOString(), action: 'stored', detail: 'vault' })
    expect(evidenceFile(at.lib, id).identity).toBeNull()
    expect(evidenceById(at.lib, id).storage).toBe('copied')
  })
})
