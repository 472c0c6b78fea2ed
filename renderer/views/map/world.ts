/** Outlines of countries (Natural Earth, public domain, 1:50 million) as SVG paths. */
import { geoEqualEarth, geoPath, type GeoPermissibleObjects } from 'd3-geo'
import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import atlas from 'world-atlas/countries-50m.json'
import { COUNTRIES } from '../../charts/countries.ts'

export interface Outline {
  /** ISO 3166-1 alpha-2; null for land that has none. */
  readonly code: string | null
  readonly path: string
  /** Where a mark for it stands. */
  readonly at: readonly [number, number]
}

export const [WIDTH, HEIGHT] = [960, 470]

let known: readonly Outline[] | null = null

/** All outlines in the Equal Earth projection (Šavrič, Patterson and Jenny, 2018): areas are comparable. */
export function world(): readonly Outline[] {
  if (known) return known
  const topology = atlas as unknown as Topology<{ countries: GeometryCollection<{ name: string }> }>
  const { features } = feature(topology, topology.objects.countries)
  const projection = geoEqualEarth().fitExtent([[4, 4], [WIDTH - 4, HEIGHT - 4]], { type: 'Sphere' }) // prettier-ignore
  const path = geoPath(projection).digits(1)
  const codes = new Map(COUNTRIES.map(({ code, numeric }) => [numeric, code]))
  known = features.flatMap((country) => {
    const shape = country as GeoPermissibleObjects
    const text = path(shape)
    if (!text) return []
    return [{ code: codes.get(String(country.id)) ?? null, path: text, at: path.centroid(shape) }]
  })
  return known
}
