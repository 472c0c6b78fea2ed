/** English: the signals of the program, as `signals/list.ts` has them. One that a desk added speaks for itself. */

export const signals = {
  provenance: {
    title: 'Provenance',
    measures:
      'What the file says about its own history: Content Credentials, marks of the programs, devices and platforms that wrote it, and contradictions between its dates.',
  },
  encoding: {
    title: 'Encoding',
    measures:
      'How the video stream was coded: key frame structure, encoder settings, time stamps, joined parts, and regular peaks of frame size that an earlier encoding leaves.',
  },
  temporal: {
    title: 'Temporal consistency',
    measures:
      'Frozen and looped runs, cuts and jumps inside shots, and motion confined to one region of a rigid picture.',
  },
  'face-manipulation': {
    title: 'Face manipulation',
    measures:
      'Traces of altered faces (exchanged, re-enacted, regenerated, blended in) and of generated heads, by two trained networks, face by face.',
  },
  'portrait-animation': {
    title: 'Animated portrait',
    measures:
      'Whether the fine detail of a talking face only ever moves, as when one photograph is animated, or also changes, as before a camera.',
  },
  'synthetic-image': {
    title: 'Synthetic image',
    measures: 'Traces of generated heads in their fine detail, by a trained network.',
  },
  'lip-sync': {
    title: 'Lip-sync',
    measures: 'Whether the motion of the visible mouth follows the speech, compared with speech from other moments.',
  },
  voice: {
    title: 'Voice',
    measures:
      'Traces of generated speech in every 4 s of speech, and edits of the sound: digital silence, changes of the noise floor, jumps of mains hum.',
  },
  'known-footage': {
    title: 'Known footage',
    measures: 'Where else in the library, or on a hash list, the same footage is shown, and how it was changed.',
  },
}
