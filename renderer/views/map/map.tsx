import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { countryName } from '../../../main/contract/values.ts'
import { fileName, saveText, standalone } from '../../charts/save.ts'
import { api } from '../../client.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { KindMark } from '../../components/kind-mark.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/panel.tsx'
import styles from './map.module.css'
import { HEIGHT, WIDTH, world } from './world.ts'

interface CountryRow {
  readonly country: string
  readonly counts: Readonly<Record<string, number>>
  readonly ids: readonly string[]
}

/** Which countries the records speak of, drawn from outlines that come with Assay: no tiles, no network. */
export default function WorldMap({ caseId, title }: { readonly caseId?: string; readonly title: string }) {
  const countries = useQuery(api.graph.countries.queryOptions({ input: { caseId } }))
  return <Loaded query={countries}>{(rows) => <MapView rows={rows} title={title} />}</Loaded>
}

/** Five steps by rank: two countries with 1 and 40 records must both be seen. */
const STEPS = [28, 45, 62, 80, 100]

function MapView({ rows, title }: { readonly rows: readonly CountryRow[]; readonly title: string }) {
  const { t, i18n } = useTranslation()
  const [chosen, setChosen] = useState<string | null>(null)
  const svg = useRef<SVGSVGElement>(null)
  const outlines = useMemo(() => world(), [])
  const totals = useMemo(() => new Map(rows.map((row) => [row.country, row.ids.length])), [rows])
  const bounds = useMemo(() => classBounds([...totals.values()]), [totals])
  const drawn = new Set(outlines.map(({ code }) => code))
  const sorted = [...rows].sort((a, b) => b.ids.length - a.ids.length || a.country.localeCompare(b.country))
  if (!rows.length) return <EmptyState title={t('map.empty')}>{t('map.emptyHelp')}</EmptyState>
  const shadeOf = (count: number): number => bounds.findLastIndex((least) => count >= least)
  return (
    <div className={styles.page}>
      <Panel
        title={t('map.title')}
        actions={
          <Button
            variant="default"
            size="compact-sm"
            onClick={() =>
              svg.current && saveText(standalone(svg.current), fileName(`${title} map`, 'svg'), 'image/svg+xml')
            }
          >
            SVG
          </Button>
        }
      >
        <svg
          ref={svg}
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          className={styles.map}
          role="img"
          aria-label={t('map.label', { count: rows.length })}
        >
          {outlines.map(({ code, path }, i) => {
            const count = code ? (totals.get(code) ?? 0) : 0
            const shade = STEPS[shadeOf(count)]
            return (
              // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- the list beside does the same by keyboard
              <path
                // Some countries have several outlines.
                key={i}
                d={path}
                className={styles.country}
                style={{ fill: count ? `color-mix(in oklab, var(--hue-3) ${shade}%, var(--land))` : 'var(--land)' }}
                data-country={code ?? undefined}
                data-chosen={(chosen !== null && code === chosen) || undefined}
                data-known={count ? true : undefined}
                onClick={() => count && setChosen(code)}
              >
                {count ? <title>{`${countryName(code!, i18n.language)}: ${t('map.records', { count })}`}</title> : null}
              </path>
            )
          })}
          {/* A country of a few pixels would not be seen: it gets a ring. */}
          {outlines
            .filter(({ code, path }) => code && totals.get(code) && path.length < 260)
            .map(({ at }) => (
              <circle key={at.join()} cx={at[0]} cy={at[1]} r={7} className={styles.ring} />
            ))}
        </svg>
        <ul className={styles.legend} aria-label={t('map.legend')}>
          {bounds.map((least, i) => (
            <li key={least}>
              <span style={{ background: `color-mix(in oklab, var(--hue-3) ${STEPS[i]}%, var(--land))` }} />
              {bounds[i + 1] === undefined
                ? t('map.orMore', { count: least })
                : bounds[i + 1]! - 1 === least
                  ? least
                  : `${least}–${bounds[i + 1]! - 1}`}
            </li>
          ))}
        </ul>
      </Panel>
      <Panel title={t('map.countries')} flush>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('map.country')}</th>
              <th scope="col">{t('map.what')}</th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((row) => (
              <tr key={row.country} data-chosen={row.country === chosen || undefined}>
                <th scope="row">
                  <button
                    type="button"
                    className={styles.pick}
                    aria-pressed={row.country === chosen}
                    onClick={() => setChosen(row.country === chosen ? null : row.country)}
                  >
                    <bdi>{countryName(row.country, i18n.language)}</bdi>
                  </button>
                  {drawn.has(row.country) ? null : <span className={styles.dim}> {t('map.noOutline')}</span>}
                </th>
                <td>
                  <span className={styles.kinds}>
                    {Object.entries(row.counts).map(([kind, count]) => (
                      <span key={kind}>
                        <KindMark kind={kind} size={10} /> {kind} {count}
                      </span>
                    ))}
                  </span>
                  {row.country === chosen ? <Names ids={row.ids} /> : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Panel>
    </div>
  )
}

function Names({ ids }: { readonly ids: readonly string[] }) {
  const { t } = useTranslation()
  const entities = useQuery(api.cases.entities.queryOptions({ input: { limit: 5000 } })).data ?? []
  return (
    <ul className={styles.names}>
      {ids.slice(0, 100).map((id) => {
        const entity = entities.find((known) => known.id === id)
        return (
          <li key={id}>
            {entity ? <KindMark kind={entity.kind} size={10} /> : null}{' '}
            <Link href={`/records/${id}`}>
              <bdi>{entity?.name ?? t('records.unnamed')}</bdi>
            </Link>
          </li>
        )
      })}
    </ul>
  )
}

/** Lower bounds of at most five classes, so that each has members: quantiles of the distinct counts. */
export function classBounds(counts: readonly number[]): number[] {
  const distinct = [...new Set(counts.filter((count) => count > 0))].sort((a, b) => a - b)
  if (distinct.length <= 5) return distinct
  return Array.from({ length: 5 }, (_, i) => distinct[Math.floor((i * distinct.length) / 5)]!)
}
