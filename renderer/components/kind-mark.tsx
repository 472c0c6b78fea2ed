import { kindShape, shapePath } from '../../main/reports/drawing/kind-shape.ts'

/** The small shape of a kind of record, beside its name. */
export function KindMark({ kind, size = 12 }: { readonly kind: string; readonly size?: number }) {
  const { outline, hue } = kindShape(kind)
  return (
    <svg width={size} height={size} viewBox="-1.15 -1.15 2.3 2.3" aria-hidden="true" style={{ flex: 'none' }}>
      <path d={shapePath(outline)} fill={`var(--hue-${hue})`} />
    </svg>
  )
}
