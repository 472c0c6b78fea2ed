/**
 * The `classifier` block of a model card: everything needed to run an ONNX classifier of one input on faces, whole
 * pictures or sound, so that a model needs no code. Sizes come from the card's tensors.
 */
import { z } from 'zod'

const Weight = z.number().min(-1e6).max(1e6)

export const Classifier = z.strictObject({
  /** One value per face crop, whole picture or sound window. */
  takes: z.enum(['face', 'frame', 'sound']),
  /** Only for faces. */
  face: z
    .strictObject({
      /** `aligned`: turned upright and scaled by the five points; `box`: the square around the detected box. */
      crop: z.enum(['aligned', 'box']),
      /** `box`: sides of the box the crop shows; `aligned`: times the width of the usual 112-pixel template. */
      context: z.number().min(1).max(4),
      /** Faces with a shorter box side, in pixels of the file, are left out. */
      least: z.number().int().min(16).max(1024).default(48),
    })
    .optional(),
  /** Only for whole pictures: `squeeze` both sides to the input's size, or cut the largest centred part of its shape. */
  fit: z.enum(['squeeze', 'centre']).optional(),
  /** Only for faces and pictures. */
  colour: z.enum(['rgb', 'bgr', 'grey']).optional(),
  /** Only for float32 pictures: (value / 255 − mean) / std, one number or one per channel in the order of `colour`. */
  scale: z
    .strictObject({
      mean: z.array(Weight).min(1).max(3),
      std: z.array(z.number().min(1e-6).max(1e6)).min(1).max(3),
    })
    .optional(),
  /** Only for sound, float32 from −1 to 1; the samples per window are the input's size. */
  sound: z
    .strictObject({
      /** Samples a second that the model expects. Assay hears at 16 kHz: above 8 kHz there is nothing in it. */
      rate: z.number().int().min(4000).max(48_000),
      /** What becomes of sound shorter than one window. */
      short: z.enum(['repeat', 'silence', 'abstain']).default('abstain'),
    })
    .optional(),
  output: z.strictObject({
    name: z.string().min(1).max(200),
    /** Which number of each row. */
    column: z.number().int().min(0).max(1023).default(0),
    /** What is done to it: nothing (it is from 0 to 1), the logistic function, or softmax over the row. */
    activation: z.enum(['probability', 'sigmoid', 'softmax']),
    /** Whether high or low values speak for manipulation. */
    manipulated: z.enum(['high', 'low']),
  }),
  /** From the values of one video to its score: per face track, and the highest track counts. */
  aggregate: z.strictObject({
    by: z.enum(['mean', 'median', 'quantile']),
    /** For `quantile`: 0.9 is the value that one in ten lies above. */
    quantile: z.number().min(0).max(1).optional(),
  }),
  /** Score from which its makers read it as manipulated; false positives are counted there. */
  threshold: z.number().min(0).max(1).default(0.5),
  /** Output with a map of 0 to 1 per input (layout NHW), shown as an exhibit; for faces and pictures. */
  heat: z.string().min(1).max(200).optional(),
})
export type Classifier = z.infer<typeof Classifier>

interface Tensor {
  readonly name: string
  readonly dtype: string
  readonly layout: string
  readonly dims: readonly (number | 'batch')[]
}

/** Why this block cannot be run with these tensors, in words for the card's author; null where it can. */
export function classifierProblem(
  block: Classifier,
  { inputs, outputs }: { inputs: readonly Tensor[]; outputs: readonly Tensor[] },
): string | null {
  const [input, ...more] = inputs
  if (!input || more.length) return 'a classifier has exactly one input'
  const values = outputs.find(({ name }) => name === block.output.name)
  if (!values) return `there is no output "${block.output.name}"`
  if (values.layout !== 'NF' || values.dims[0] !== 'batch') return 'the output must be NF with a free batch'
  if (block.output.column >= Number(values.dims[1])) return `the output has no column ${block.output.column}`
  if (block.output.activation === 'softmax' && Number(values.dims[1]) < 2) return 'softmax needs two columns or more'
  if (block.aggregate.by === 'quantile' && block.aggregate.quantile === undefined) return 'aggregate names no quantile'
  if (input.dims[0] !== 'batch' || input.dims.indexOf('batch', 1) > 0)
    return 'only the first dimension may be the batch'
  return block.takes === 'sound' ? soundProblem(block, input) : pictureProblem(block, input, outputs)
}

function soundProblem(block: Classifier, input: Tensor): string | null {
  if (!block.sound) return 'a sound classifier needs "sound"'
  if (block.face || block.colour || block.scale || block.fit || block.heat)
    return 'face, colour, scale, fit and heat are for pictures'
  if (input.dtype !== 'float32') return 'sound is float32'
  const fits = input.layout === 'NT' || (input.layout === 'NCT' && input.dims[1] === 1)
  return fits ? null : 'the input of a sound classifier is NT, or NCT with one channel'
}

function pictureProblem(block: Classifier, input: Tensor, outputs: readonly Tensor[]): string | null {
  if (block.sound) return '"sound" is for sound'
  if (!block.colour) return 'a picture classifier needs "colour"'
  if (block.takes === 'face' && !block.face) return 'a face classifier needs "face"'
  if (block.takes === 'frame' && block.face) return '"face" is for faces'
  if ((block.takes === 'frame') !== (block.fit !== undefined)) return '"fit" belongs to whole pictures, and only there'
  if (input.layout !== 'NHWC' && input.layout !== 'NCHW') return 'the input of a picture classifier is NHWC or NCHW'
  const { width, height, channels } = pictureSize(input)
  if (channels !== (block.colour === 'grey' ? 1 : 3)) return `${channels} channels do not go with ${block.colour}`
  if (width > 1024 || height > 1024) return 'the picture is larger than 1024 pixels'
  if (block.takes === 'face' && width !== height) return 'face crops are square'
  if ((input.dtype === 'float32') !== (block.scale !== undefined)) return '"scale" belongs to float32, and only there'
  const fits = (list: readonly number[]): boolean => list.length === 1 || list.length === channels
  if (block.scale && !(fits(block.scale.mean) && fits(block.scale.std))) return 'scale has another number of channels'
  if (block.heat === undefined) return null
  const heat = outputs.find(({ name }) => name === block.heat)
  return heat?.layout === 'NHW' && heat.dims[0] === 'batch' ? null : `"${block.heat}" is no output of layout NHW`
}

/** Pixels of a picture input. */
export function pictureSize({ layout, dims }: Pick<Tensor, 'layout' | 'dims'>): {
  width: number
  height: number
  channels: number
} {
  const of = (letter: string): number => Number(dims[layout.indexOf(letter)])
  return { width: of('W'), height: of('H'), channels: of('C') }
}
