/** What frames and stretches must have in common to be a match. */

export const MATCHING = {
  /** Bits in which hashes of like frames differ at most (the PDQ paper's recommendation). */
  hashRadius: 31,
  /** Bits for looking corners up, and for pairing those of two frames that are to be compared. */
  lookUpRadius: 20,
  pairRadius: 40,
  /** Corners in common that make a key frame worth comparing, and how many of those are compared: in all, of one video. */
  votes: 3,
  compared: 24,
  comparedOfVideo: 8,
  /** Pairs that agree with one placement, their share of all pairs, and of width and height that they span, of like frames. */
  pairs: 12,
  pairShare: 0.25,
  span: 0.15,
  /** Agreeing pairs from which a frame counts in full. */
  fullPairs: 20,
  /** Videos that one frame may be like before it says less and less: intros, test cards, black. */
  commonFrom: 3,
  /** Share of a known video that is in the new one and makes it a copy rather than a video with a common part. */
  copy: 0.6,
  /**
   * Correlation of the changes from which two stretches are the same footage, and under which they are not. Two takes, or two
   * persons, of 4 s reach 0.63 at the best of many shifts and speeds.
   */
  sameFootage: 0.65,
  otherTake: 0.3,
  /** Seconds by which a stretch of sound may lie off one of pictures that it belongs to. */
  soundOff: 1.5,
} as const
