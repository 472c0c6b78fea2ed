/** The part of the video that the axis shows, in seconds, and where times lie on it. Time runs left to right always. */
export interface View {
  readonly from: number
  readonly to: number
}
/** The narrowest view: some frames of any video. */
const LEAST_SECONDS = 0.2

export const xOf = (time: number, view: View, width: number): number =>
  ((time - view.from) / (view.to - view.from)) * width
export const timeAt = (x: number, view: View, width: number): number =>
  view.from + (x / Math.max(1, width)) * (view.to - view.from)

/** Zooms by `factor` (over 1: closer) keeping `anchor` where it is, within the video. */
export function zoomView(view: View, factor: number, anchor: number, duration: number): View {
  const span = Math.min(duration, Math.max(LEAST_SECONDS, (view.to - view.from) / factor))
  const share = (anchor - view.from) / (view.to - view.from)
  return clampView({ from: anchor - share * span, to: anchor + (1 - share) * span }, duration)
}

export function panView(view: View, seconds: number, duration: number): View {
  return clampView({ from: view.from + seconds, to: view.to + seconds }, duration)
}

function clampView({ from, to }: View, duration: number): View {
  const span = Math.min(duration, to - from)
  const start = Math.min(Math.max(0, from), duration - span)
  return { from: start, to: start + span }
}

/** Round times for the marks of the ruler, at least `room` pixels apart. */
export function ticks(view: View, width: number, room = 80): { times: number[]; digits: number } {
  const least = ((view.to - view.from) * room) / Math.max(1, width)
  const step =
    [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400].find(
      (candidate) => candidate >= least,
    ) ?? 28_800
  const first = Math.ceil(view.from / step - 1e-9)
  const times: number[] = []
  for (let i = first; i * step <= view.to + 1e-9; i += 1) times.push(i * step + 0)
  return { times, digits: step < 0.1 ? 2 : step < 1 ? 1 : 0 }
}
