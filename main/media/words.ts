/** The words of a line. For lists of names and options that hold no blanks: they stay readable on one line. */
export const words = (line: string): string[] => line.trim().split(/\s+/)
