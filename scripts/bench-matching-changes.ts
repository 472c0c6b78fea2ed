/** What `npm run bench:matching` does to pictures and sounds before it looks them up: what people do to footage. */

export interface Change {
  readonly name: string
  /** Of ffmpeg, for the picture or the sound. */
  readonly filter: string
  readonly options?: readonly string[]
  readonly mirrored?: boolean
  readonly speed?: number
  /** Parts of the cut in their new order, as shares of it. */
  readonly parts?: readonly (readonly [number, number])[]
  /** One that the issue names, with a target. */
  readonly listed?: boolean
}

export const X264 = (crf: number): string[] => ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', String(crf)]
const HALVES = [[0.5, 1], [0, 0.5]] as const // prettier-ignore

export const PICTURES: readonly Change[] = [
  { name: 're-encoded, CRF 35', filter: 'null', options: X264(35), listed: true },
  { name: 'half size', filter: 'scale=iw/2:ih/2' },
  { name: 'half frame rate', filter: 'fps=12.5', listed: true },
  { name: 'brighter, more contrast', filter: 'eq=gamma=1.3:contrast=1.15' },
  { name: 'grey', filter: 'hue=s=0', listed: true },
  { name: 'mirrored', filter: 'hflip', mirrored: true, listed: true },
  { name: 'crop 3 %', filter: 'crop=iw*0.97:ih*0.97', listed: true },
  { name: 'crop 8 %', filter: 'crop=iw*0.92:ih*0.92', listed: true },
  { name: 'crop 20 %, off centre', filter: 'crop=iw*0.8:ih*0.8:iw*0.05:ih*0.15', listed: true },
  { name: 'letterbox', filter: 'pad=iw:ih*4/3:0:ih/6', listed: true },
  { name: 'pillarbox', filter: 'pad=iw*4/3:ih:iw/6:0', listed: true },
  { name: 'logo', filter: 'drawbox=x=iw*0.72:y=ih*0.06:w=iw*0.2:h=ih*0.14:color=white@0.9:t=fill', listed: true },
  { name: 'ticker', filter: 'drawbox=y=ih*0.83:w=iw:h=ih*0.17:color=0x0a2a6a:t=fill', listed: true },
  { name: 'picture in picture, half', filter: 'scale=iw/2:ih/2,pad=iw*2:ih*2:iw*0.9:ih*0.9:0x406080', listed: true },
  { name: 'speed 0.8', filter: 'setpts=PTS/0.8', speed: 0.8, listed: true },
  { name: 'speed 1.25', filter: 'setpts=PTS/1.25', speed: 1.25, listed: true },
  { name: 'cut in two and re-ordered', filter: 'null', parts: HALVES, listed: true },
  { name: 'mirrored, crop 8 %, logo, CRF 30', filter: 'hflip,crop=iw*0.92:ih*0.92,drawbox=x=iw*0.05:y=ih*0.06:w=iw*0.2:h=ih*0.12:color=white:t=fill', options: X264(30), mirrored: true },
] // prettier-ignore

const PCM = ['-c:a', 'pcm_s16le']
export const SOUNDS: readonly Change[] = [
  { name: 'AAC at 32 kbit/s', filter: 'aresample=44100', options: ['-c:a', 'aac', '-b:a', '32k'], listed: true },
  { name: 'MP3 at 48 kbit/s', filter: 'aresample=44100', options: ['-c:a', 'libmp3lame', '-b:a', '48k'], listed: true },
  { name: 'Opus at 16 kbit/s', filter: 'aresample=48000', options: ['-c:a', 'libopus', '-b:a', '16k'], listed: true },
  { name: '8 kHz', filter: 'aresample=8000', options: PCM, listed: true },
  { name: '12 dB quieter', filter: 'volume=-12dB', options: PCM, listed: true },
  { name: 'noise 20 dB below', filter: 'noise', options: PCM, listed: true },
  { name: 'speed 0.8, same pitch', filter: 'atempo=0.8', options: PCM, speed: 0.8, listed: true },
  { name: 'speed 1.25, same pitch', filter: 'atempo=1.25', options: PCM, speed: 1.25, listed: true },
  { name: 'speed 0.8, lower', filter: 'asetrate=12800,aresample=16000', options: PCM, speed: 0.8, listed: true },
  { name: 'speed 1.1, higher', filter: 'asetrate=17600,aresample=16000', options: PCM, speed: 1.1, listed: true },
  { name: 'speed 1.25, higher', filter: 'asetrate=20000,aresample=16000', options: PCM, speed: 1.25, listed: true },
  { name: 'sound cut in two and re-ordered', filter: 'anull', options: PCM, parts: HALVES, listed: true },
] // prettier-ignore
