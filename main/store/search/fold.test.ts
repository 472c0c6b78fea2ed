import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold, indexed } from './fold.ts'

describe('folding', () => {
  it.each([
    ['case and Latin diacritics', 'Élysée ÅNGSTRÖM', 'elysee angstrom'],
    ['letters without a decomposition', 'Straße Łódź Ærø Đorđe', 'strasse lodz aero dorde'],
    ['Turkish i', 'İstanbul DIŞI', 'istanbul disi'],
    ['Arabic and Persian yeh and kaf', 'علي كريم', fold('علی کریم')],
    ['hamza on its seats', 'أحمد إيران آذار مؤتمر', fold('احمد ایران اذار موتمر')],
    ['hamza on the line', 'خامنه‌ای أنباء', fold('خامنه ای انبا')],
    ['teh marbuta and heh', 'قناة', fold('قناه')],
    ['tatweel and harakat', 'مُحَمَّـــد', 'محمد'],
    ['presentation forms', 'ﻻ ﷲ', fold('لا الله')],
    ['Arabic-Indic and Persian digits', '٢٠٢٤ ۲۰۲۴ 2024', '2024 2024 2024'],
    ['digits of other scripts', '२०२४ ２０２４', '2024 2024'],
    ['Hebrew points', 'חֲדָשׁוֹת', 'חדשות'],
    ['Cyrillic', 'Ёлка Й', 'елка и'],
    ['invisible marks', 'a\u200eb\u2067c\u00adhive', 'abchive'],
    ['punctuation', '@for_humanity/video-1.mp4', 'for humanity video 1 mp4'],
    ['scripts without spaces', '新华社 ニュース', '新 华 社 ニ ュ ー ス'],
  ])('%s', (_, given, folded) => expect(fold(given)).toBe(folded))

  it('keeps vowel signs that make another word', () => expect(fold('की')).not.toBe(fold('का')))

  it('is the same when done twice, and leaves no upper case or mark', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const once = fold(text)
        expect(fold(once)).toBe(once)
        expect(once).toBe(once.trim())
        expect(once).not.toMatch(/ {2}|[A-Z]/)
      }),
    )
  })

  it('indexes a word with a non-joiner as two and as one, and an Arabic noun with and without its article', () => {
    expect(indexed('آیت‌الله').split(' ')).toEqual(expect.arrayContaining(['ایت', 'الله', 'ایتالله']))
    expect(indexed('قناة الأخبار').split(' ')).toEqual(expect.arrayContaining(['الاخبار', 'اخبار']))
  })
})
