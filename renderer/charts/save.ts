/** Saves a picture or a table that the page has drawn, through the browser's own download. */

function download(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}

/** A name that every file system takes. */
export const fileName = (title: string, ending: string): string =>
  `${
    title
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 80) || 'assay'
  }.${ending}`

export function saveText(text: string, name: string, mime: string): void {
  download(new Blob([text], { type: `${mime};charset=utf-8` }), name)
}

/** Renders an SVG to PNG at `scale` times its own size. @throws Error when the browser cannot draw it */
export async function savePng(svg: string, name: string, scale = 2): Promise<void> {
  const picture = new Image()
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await picture.decode()
  const canvas = document.createElement('canvas')
  canvas.width = picture.width * scale
  canvas.height = picture.height * scale
  const context = canvas.getContext('2d')
  if (!context) throw new Error('no canvas')
  context.drawImage(picture, 0, 0, canvas.width, canvas.height)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  if (!blob) throw new Error('no picture')
  download(blob, name)
}

/** The SVG element as a file of its own: colours that come from the theme are written out. */
export function standalone(element: SVGSVGElement): string {
  const copy = element.cloneNode(true) as SVGSVGElement
  const originals = [element, ...element.querySelectorAll<SVGElement>('*')]
  const copies = [copy, ...copy.querySelectorAll<SVGElement>('*')]
  for (const [i, original] of originals.entries()) {
    const style = getComputedStyle(original)
    for (const name of INKED) copies[i]!.style.setProperty(name, style.getPropertyValue(name))
    copies[i]!.removeAttribute('class')
  }
  const { width, height } = element.getBoundingClientRect()
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  copy.setAttribute('width', String(Math.round(width)))
  copy.setAttribute('height', String(Math.round(height)))
  copy.style.background = getComputedStyle(document.body).backgroundColor
  return new XMLSerializer().serializeToString(copy)
}
const INKED = [
  'fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-dasharray', 'opacity', 'font-family', 'font-size',
  'font-weight', 'text-anchor', 'dominant-baseline', 'paint-order', 'stroke-linejoin', 'visibility', 'display',
] // prettier-ignore
