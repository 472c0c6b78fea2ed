import { describe, expect, it } from 'vitest'
import { disarm, findTechniques, isLocal, tacticsOf, techniqueById, techniqueByName } from './disarm.ts'

describe('DISARM techniques', () => {
  it('come with their attribution, and every one with a tactic and a parent that are there', () => {
    const { attribution, licence, tactics, techniques } = disarm()
    expect(attribution).toContain('DISARM Foundation')
    expect(licence).toContain('CC BY-SA 4.0')
    const ids = new Set(techniques.map(({ id }) => id))
    expect(ids.size).toBe(techniques.length)
    for (const one of techniques) {
      expect(tacticsOf(one.id).length, one.id).toBeGreaterThan(0)
      if (one.parent) expect(ids).toContain(one.parent)
      expect(one.id.includes('.')).toBe(one.parent !== undefined)
    }
    expect(tactics.every(({ phase }) => /^[a-z-]+$/.test(phase))).toBe(true)
  })

  it('are found by id, by name and by words in any case', () => {
    expect(techniqueById('T0129.006')?.name).toBe('Deny Involvement')
    expect(techniqueByName('deny involvement')?.id).toBe('T0129.006')
    expect(findTechniques('ai generated audio', 5)[0]?.id).toBe('T0088.001')
    expect(findTechniques('t0087', 10).map(({ id }) => id)).toContain('T0087.001')
    expect(findTechniques('no such thing', 5)).toEqual([])
  })

  it('a local sub-technique is told apart and has the tactics of the one above it', () => {
    expect(isLocal('T0087.L01')).toBe(true)
    expect(isLocal('T0087.001')).toBe(false)
    expect(tacticsOf('T0087.L01')).toEqual(tacticsOf('T0087'))
  })
})
