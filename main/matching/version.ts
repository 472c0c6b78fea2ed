/**
 * Of everything that decides what is found: raised with any change of fingerprints, look-up, alignment or thresholds.
 * Items matched by another version are matched again, and an index of another version is built again.
 */
export const MATCHING_VERSION = '1.1.1'
