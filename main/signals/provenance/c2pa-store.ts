/** The manifest store as c2pa-rs reports it, parsed as far as the provenance signal reads it. */
import { z } from 'zod'
import { neutralise } from '../../media/untrusted.ts'

const Status = z.object({ code: z.string(), url: z.string().optional(), explanation: z.string().optional() })
const StatusList = z
  .object({
    success: z.array(Status).default([]),
    informational: z.array(Status).default([]),
    failure: z.array(Status).default([]),
  })
  .partial()

const Named = z.union([z.string(), z.looseObject({ name: z.string().optional(), version: z.string().optional() })])
export const Action = z.looseObject({
  action: z.string(),
  when: z.string().optional(),
  digitalSourceType: z.string().optional(),
  softwareAgent: Named.optional(),
  description: z.string().optional(),
})
const Actions = z.object({ actions: z.array(Action) })

const Manifest = z.looseObject({
  claim_generator: z.string().optional(),
  claim_generator_info: z
    .array(z.looseObject({ name: z.string().optional(), version: z.string().nullish() }))
    .optional(),
  title: z.string().nullish(),
  signature_info: z
    .looseObject({
      alg: z.string().nullish(),
      issuer: z.string().nullish(),
      common_name: z.string().nullish(),
      time: z.string().nullish(),
    })
    .nullish(),
  assertions: z.array(z.looseObject({ label: z.string(), data: z.unknown().optional() })).default([]),
  ingredients: z
    .array(
      z.looseObject({
        title: z.string().nullish(),
        relationship: z.string().nullish(),
        active_manifest: z.string().nullish(),
      }),
    )
    .default([]),
})
export const ManifestStore = z.looseObject({
  active_manifest: z.string().nullish(),
  manifests: z.record(z.string(), Manifest).default({}),
  validation_results: z
    .looseObject({
      activeManifest: StatusList.optional(),
      ingredientDeltas: z.array(z.looseObject({ validationDeltas: StatusList.optional() })).optional(),
    })
    .optional(),
})
export type ManifestStore = z.infer<typeof ManifestStore>
export type Manifest = z.infer<typeof Manifest>
export type Status = z.infer<typeof Status>
export type Action = z.infer<typeof Action>

/** Actions of a manifest, from all its `c2pa.actions` assertions. */
export const actionsOf = (manifest: Manifest): Action[] =>
  manifest.assertions
    .filter(
      ({ label }) => label === 'c2pa.actions' || label.startsWith('c2pa.actions.') || label.startsWith('c2pa.actions_'),
    )
    .flatMap(({ data }) => Actions.safeParse(data).data?.actions ?? [])

/** What made the manifest, by its own words; neutralised. */
export function generatorOf(manifest: Manifest): string {
  const info = manifest.claim_generator_info?.map(({ name, version }) => [name, version].filter(Boolean).join(' '))
  return neutralise(info?.join(', ') || manifest.claim_generator || '', 200)
}
