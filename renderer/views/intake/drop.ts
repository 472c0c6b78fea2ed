/** Files and folders that are dropped onto the window, wherever it stands. */
import { useEffect, useState } from 'react'
import { desktop } from '../../client.ts'
import { takeFiles } from './uploads.ts'

/** All files of a drop; folders are walked to the bottom. */
async function filesOf(transfer: DataTransfer): Promise<File[]> {
  // Electron hands whole folders to intake by path, so the page need not walk them.
  if (desktop) return [...transfer.files]
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null)
  if (!entries.length) return [...transfer.files]
  const files: File[] = []
  for (const entry of entries) await walk(entry, files)
  return files
}

async function walk(entry: FileSystemEntry, files: File[]): Promise<void> {
  if (entry.isFile) {
    files.push(await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)))
    return
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  // A reader answers with at most a hundred entries at a time, and with none at the end.
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (!part.length) return
    for (const child of part.toSorted((a, b) => a.name.localeCompare(b.name))) await walk(child, files)
  }
}

/**
 * Accepts drops on the whole window and says whether files hover over it. `onTaken` is called after a drop, so that the
 * window can show where they went. Without `enabled` a drop is ignored; the page never navigates to a dropped file.
 */
export function useWindowDrop(
  enabled: boolean,
  onTaken: () => void,
  take: (files: readonly File[]) => void = takeFiles,
): boolean {
  const [over, setOver] = useState(false)
  useEffect(() => {
    let depth = 0
    const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false
    const enter = (event: DragEvent): void => {
      if (!carriesFiles(event)) return
      depth += 1
      setOver(enabled)
    }
    const leave = (event: DragEvent): void => {
      if (!carriesFiles(event)) return
      depth = Math.max(0, depth - 1)
      if (!depth) setOver(false)
    }
    const hover = (event: DragEvent): void => {
      if (!carriesFiles(event) || !event.dataTransfer) return
      event.preventDefault()
      event.dataTransfer.dropEffect = enabled ? 'copy' : 'none'
    }
    const drop = (event: DragEvent): void => {
      if (!carriesFiles(event) || !event.dataTransfer) return
      event.preventDefault()
      depth = 0
      setOver(false)
      if (!enabled) return
      void filesOf(event.dataTransfer).then(take)
      onTaken()
    }
    window.addEventListener('dragenter', enter)
    window.addEventListener('dragleave', leave)
    window.addEventListener('dragover', hover)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragenter', enter)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('dragover', hover)
      window.removeEventListener('drop', drop)
    }
  }, [enabled, onTaken, take])
  return over
}
