/** The fixed words that only the PDF has. */
export const WORDS = {
  language: 'en',
  kind: 'Case report',
  page: (page: number, pages: number): string => `Page ${page} of ${pages}`,
  missing: (caption: string): string => `${caption}: the picture is not in the library any more`,
} as const
