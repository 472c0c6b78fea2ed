/**
 * The whole environment of a thread that reads hostile bytes: where Node keeps what it compiled, which halves the start of
 * the thread, and nothing else of the user's.
 */
export function threadEnvironment(): Record<string, string> {
  const { NODE_COMPILE_CACHE: compiled } = process.env
  return compiled ? { NODE_COMPILE_CACHE: compiled } : {}
}
