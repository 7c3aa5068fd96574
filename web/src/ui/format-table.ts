/** Check A26, here and in the browser (`e2e/`): by language, how money, quantities and dates are shown, and how numbers are typed. Spaces are plain ones. */
export const formatTable: Record<string, { money: string; minus: string; qty: string; date: RegExp; typed: [string, string][] }> = {
  en: { money: "1,23,45,678.90", minus: "−1,234.50", qty: "12,345.5", date: /^01 Apr\S* 2026$/, typed: [["1,23,45,678.90", "12345678.90"], ["1.5L", "150000"], ["2cr", "20000000"], ["2.25 k", "2250"], ["1 234", "1234"]] },
  hi: { money: "1,23,45,678.90", minus: "−1,234.50", qty: "12,345.5", date: /^01 अप्रै\S* 2026$/, typed: [["१,२३४.५०", "1234.50"], ["1.5 लाख", "150000"], ["2 करोड़", "20000000"], ["2cr", "20000000"]] },
  bn: { money: "1,23,45,678.90", minus: "−1,234.50", qty: "12,345.5", date: /^01 এপ্রি\S* 2026$/, typed: [["১২,৩৪৫.৫০", "12345.50"], ["3 লাখ", "300000"]] },
  id: { money: "12.345.678,90", minus: "−1.234,50", qty: "12.345,5", date: /^01 Apr\S* 2026$/, typed: [["12.345.678,90", "12345678.90"], ["3jt", "3000000"], ["1,5 jt", "1500000"], ["250rb", "250000"]] },
  sw: { money: "12,345,678.90", minus: "−1,234.50", qty: "12,345.5", date: /^01 Apr\S* 2026$/, typed: [["12,345.50", "12345.50"], ["2k", "2000"]] },
  ar: { money: "12,345,678.90", minus: "−1,234.50", qty: "12,345.5", date: /^01 أبريل\S* 2026$/, typed: [["١٢٣٤٫٥٠", "1234.50"], ["١٬٢٣٤", "1234"], ["3 مليون", "3000000"]] },
  fr: { money: "12 345 678,90", minus: "−1 234,50", qty: "12 345,5", date: /^01 avr\S* 2026$/, typed: [["12 345,50", "12345.50"], ["1,5k", "1500"]] },
};
