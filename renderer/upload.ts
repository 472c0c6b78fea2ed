/** One file on its way from a browser to the machine that runs Assay. */
import type { Shown } from './failure.ts'

/** Sends it whole; answers with the id under which it waits. Throws what the door says where it is refused. */
export async function sendFile(file: File): Promise<string> {
  const response = await fetch(`/upload?name=${encodeURIComponent(file.name)}`, { method: 'PUT', body: file })
  const answer = (await response.json().catch(() => null)) as { id?: string } | Shown | null
  if (answer && 'id' in answer && answer.id) return answer.id
  throw answer ?? new Error(`upload refused: ${response.status}`)
}
