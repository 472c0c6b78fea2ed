import type { Ink } from './draw.ts'

/** The colours of the theme at an element, as a canvas needs them. */
export function inkOf(element: Element): Ink {
  const style = getComputedStyle(element)
  const token = (name: string): string => style.getPropertyValue(name).trim()
  return {
    text: token('--text'),
    dim: token('--dim'),
    ground: token('--surface'),
    edge: token('--line-strong'),
    accent: token('--accent'),
    danger: token('--danger'),
    hues: Array.from({ length: 8 }, (_, i) => token(`--hue-${i + 1}`)),
    font: style.fontFamily,
  }
}

/** For paper: the light theme's colours on white, whatever the screen shows. */
export const PAPER: Ink = {
  text: '#1a211f',
  dim: '#525d59',
  ground: '#ffffff',
  edge: '#868f89',
  accent: '#0b5f6b',
  danger: '#9b2c2c',
  hues: ['#3f4cb3', '#0b7285', '#b4431b', '#9d2a70', '#866000', '#35731f', '#526371', '#6b3fa0'],
  font: 'Noto Sans, sans-serif',
}
