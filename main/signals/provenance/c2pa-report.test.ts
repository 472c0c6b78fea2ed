import { describe, expect, it } from 'vitest'
import { reportCredentials } from './c2pa-report.ts'
import { ManifestStore } from './c2pa-store.ts'

const IPTC = 'http://cv.iptc.org/newscodes/digitalsourcetype/'
const store = (action: object, validation: object = {}, ingredient: object | null = null) =>
  ManifestStore.parse({
    active_manifest: 'a',
    manifests: {
      a: {
        claim_generator: 'Maker/1.0',
        signature_info: { issuer: 'Some Company', common_name: 'Someone', time: '2024-05-01T10:00:00+00:00' },
        assertions: [{ label: 'c2pa.actions.v2', data: { actions: [action] } }],
      },
      ...(ingredient ? { b: { assertions: [{ label: 'c2pa.actions', data: { actions: [ingredient] } }] } } : {}),
    },
    validation_results: validation,
  })
const report = (parsed: ReturnType<typeof store>, initialisation = false) =>
  reportCredentials({ state: 'present', store: parsed }, initialisation)
const failing = (code: string) => ({ activeManifest: { failure: [{ code, url: '', explanation: '' }] } })
const weights = (r: ReturnType<typeof report>) =>
  r.observations.map(({ code, weight }) => `${weight} ${code.replace('provenance.', '')}`)

describe('what Content Credentials mean', () => {
  it('an intact signature speaks neither way, and the signer is not vouched for', () => {
    const found = report(store({ action: 'c2pa.opened' }))
    expect(weights(found)).toEqual(['context c2pa-valid'])
    expect(found.observations[0]!.text).toContain('not checked against a trust list')
    expect(found.signed).toBe('2024-05-01T10:00:00+00:00')
  })

  it.each(['trainedAlgorithmicMedia', 'compositeWithTrainedAlgorithmicMedia', 'compositeSynthetic'])(
    'a declaration of %s is a strong reason to look',
    (type) => {
      expect(weights(report(store({ action: 'c2pa.created', digitalSourceType: IPTC + type })))).toContain(
        'strong c2pa-generative',
      )
    },
  )

  it('a generated source counts as much as a generated file', () => {
    const found = report(
      store(
        { action: 'c2pa.opened' },
        {},
        { action: 'c2pa.created', digitalSourceType: `${IPTC}trainedAlgorithmicMedia` },
      ),
    )
    expect(found.observations.find(({ code }) => code === 'provenance.c2pa-generative')!.text).toContain(
      'a source that this file was made from',
    )
  })

  it('a declared capture is context', () => {
    expect(weights(report(store({ action: 'c2pa.created', digitalSourceType: `${IPTC}digitalCapture` })))).toContain(
      'context c2pa-source-digitalCapture',
    )
  })

  it.each(['assertion.bmffHash.mismatch', 'assertion.dataHash.mismatch', 'claimSignature.mismatch'])(
    '%s is strong',
    (code) => {
      expect(weights(report(store({ action: 'c2pa.opened' }, failing(code))))).toContain('strong c2pa-altered')
    },
  )

  it('a certificate that cannot be judged is not held against the file', () => {
    expect(weights(report(store({ action: 'c2pa.opened' }, failing('signingCredential.expired'))))).toEqual([
      'context c2pa-valid',
      'context c2pa-certificate',
    ])
  })

  it('an initialisation segment without media is not called altered', () => {
    expect(weights(report(store({ action: 'c2pa.opened' }, failing('assertion.bmffHash.mismatch')), true))).toEqual([
      'context c2pa-incomplete',
    ])
  })

  it('hostile text in a manifest cannot turn the report around', () => {
    const found = report(store({ action: 'c2pa.\u202eopened', digitalSourceType: `${IPTC}trainedAlgorithmicMedia` }))
    expect(JSON.stringify(found)).not.toContain('\u202e')
  })
})
