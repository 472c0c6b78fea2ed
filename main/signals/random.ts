/**
 * Numbers from 0 to 1, the same in every run, so that a fit or an interval can be repeated to the byte (Steele, Lea and Flood,
 * "Fast splittable pseudorandom number generators", OOPSLA 2014; 32 bits).
 */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x9e3779b9) >>> 0
    let z = state
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
    return ((z ^ (z >>> 16)) >>> 0) / 2 ** 32
  }
}
