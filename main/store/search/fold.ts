/**
 * What two spellings of one word have in common, so that a search finds the other. The same folding is applied to what
 * is indexed and to what is asked.
 *
 * Unicode NFKD without combining marks takes Latin diacritics, Arabic presentation forms, harakat and most hamza forms;
 * the table below takes what has no decomposition. Marks of scripts that write vowels with them (Devanagari, Thai, …)
 * stay: without them other words would remain.
 */

/** Nonspacing marks that do not change which word it is: Latin, Greek, Cyrillic, Arabic, Hebrew, Syriac. */
const MARKS = /[[\p{M}&&[\p{Script=Inherited}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}]]--[\u3099\u309A]]/gv

/** Joins that are no letters: tatweel, soft hyphen, zero-width joiner, bidi marks and isolates, variation selectors, BOM. */
// oxlint-disable-next-line no-misleading-character-class -- each is meant by itself
const JOINERS = /[\u0640\u00ad\u200b\u200d\u200e\u200f\u061c\u202a-\u202e\u2060-\u2069\ufeff]/gu

const LETTERS: Readonly<Record<string, string>> = {
  // Arabic, Persian, Urdu, Kurdish: one letter with several code points, or written alike in practice.
  ي: 'ی', ى: 'ی', ې: 'ی', ۍ: 'ی', ے: 'ی', ك: 'ک', ڪ: 'ک', ة: 'ه', ہ: 'ه', ھ: 'ه', ە: 'ه', ۃ: 'ه', ۂ: 'ه',
  ٱ: 'ا', ٲ: 'ا', ٳ: 'ا', ٵ: 'ا', ء: '', ٴ: '', ں: 'ن', ٶ: 'و', ۆ: 'و', ۇ: 'و', ۈ: 'و', ٸ: 'ی',
  // Latin letters without a decomposition.
  ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ł: 'l', ħ: 'h', ı: 'i', ŋ: 'n', ŧ: 't', ĸ: 'k',
  // Greek final sigma.
  ς: 'σ',
} // prettier-ignore

const ANY_LETTER = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu')

/** Scripts written without spaces: each character is a word of its own, and a query for several is a phrase. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*/gu

const digits = new Map<string, string>()
/** The value of a decimal digit of any script: the digits of one stand in a run of ten code points. */
function digit(char: string): string {
  const known = digits.get(char)
  if (known !== undefined) return known
  const at = char.codePointAt(0)!
  let zero = at
  while (at - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1
  digits.set(char, String(at - zero))
  return String(at - zero)
}

/**
 * Words of the text, folded, one space between them. `آیت‌الله` (with a zero-width non-joiner) becomes two words, as
 * many write it.
 */
export function fold(text: string): string {
  if (/^[\x00-\x7f]*$/.test(text))
    return text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, ' ')
      .trim()
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replace(JOINERS, '')
    .replace(MARKS, '')
    .toLowerCase()
    .replace(ANY_LETTER, (letter) => LETTERS[letter] ?? letter)
    .normalize('NFC')
    .replace(/[^\x00-\x7f]/gu, (char) => (/\p{Nd}/u.test(char) ? digit(char) : char))
    .replace(UNSPACED, ' $& ')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim()
}

/** A word with the Arabic article, which is written together with its noun. */
const WITH_ARTICLE = /^ال(?=[\p{L}\p{M}\p{N}]{3})/u

/**
 * What is indexed: the folded words; besides, words that are written with a zero-width non-joiner once more as one, and
 * Arabic nouns once more without their article.
 */
export function indexed(text: string): string {
  const folded = fold(text)
  const more: string[] = []
  for (const [word] of text.matchAll(/\S*\u200c\S*/gu)) more.push(fold(word.replaceAll('\u200c', '')))
  for (const word of folded.split(' ')) {
    if (WITH_ARTICLE.test(word)) more.push(word.slice(2))
  }
  return more.length ? `${folded} ${more.join(' ')}` : folded
}
