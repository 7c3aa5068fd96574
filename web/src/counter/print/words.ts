const ones = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"];
const tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const hindi = [
  "शून्य", "एक", "दो", "तीन", "चार", "पाँच", "छह", "सात", "आठ", "नौ", "दस", "ग्यारह", "बारह", "तेरह", "चौदह", "पंद्रह", "सोलह", "सत्रह", "अठारह", "उन्नीस",
  "बीस", "इक्कीस", "बाईस", "तेईस", "चौबीस", "पच्चीस", "छब्बीस", "सत्ताईस", "अट्ठाईस", "उनतीस", "तीस", "इकतीस", "बत्तीस", "तैंतीस", "चौंतीस", "पैंतीस", "छत्तीस", "सैंतीस", "अड़तीस", "उनतालीस",
  "चालीस", "इकतालीस", "बयालीस", "तैंतालीस", "चौवालीस", "पैंतालीस", "छियालीस", "सैंतालीस", "अड़तालीस", "उनचास", "पचास", "इक्यावन", "बावन", "तिरेपन", "चौवन", "पचपन", "छप्पन", "सत्तावन", "अट्ठावन", "उनसठ",
  "साठ", "इकसठ", "बासठ", "तिरेसठ", "चौंसठ", "पैंसठ", "छियासठ", "सड़सठ", "अड़सठ", "उनहत्तर", "सत्तर", "इकहत्तर", "बहत्तर", "तिहत्तर", "चौहत्तर", "पचहत्तर", "छिहत्तर", "सतहत्तर", "अठहत्तर", "उन्यासी",
  "अस्सी", "इक्यासी", "बयासी", "तिरासी", "चौरासी", "पचासी", "छियासी", "सत्तासी", "अट्ठासी", "नवासी", "नब्बे", "इक्यानवे", "बानवे", "तिरानवे", "चौरानवे", "पंचानवे", "छियानवे", "सत्तानवे", "अट्ठानवे", "निन्यानवे",
];

type Words = { below100: (n: number) => string; hundred: string; thousand: string; lakh: string; crore: string; zero: string; million?: string };

const english: Words = {
  below100: (n) => (n < 20 ? ones[n]! : `${tens[Math.floor(n / 10)]}${n % 10 ? `-${ones[n % 10]}` : ""}`),
  hundred: "hundred", thousand: "thousand", lakh: "lakh", crore: "crore", zero: "zero",
};
/** Thousands and millions, where a currency is not counted in lakh and crore. */
const western: Words = { ...english, million: "million" };
const devanagari: Words = { below100: (n) => hindi[n]!, hundred: "सौ", thousand: "हज़ार", lakh: "लाख", crore: "करोड़", zero: "शून्य" };

function spell(value: bigint, words: Words): string {
  if (value === 0n) return words.zero;
  const parts: string[] = [];
  if (words.million) {
    const millions = value / 1_000_000n;
    if (millions > 0n) parts.push(`${spell(millions, words)} ${words.million}`);
    let under = Number(value % 1_000_000n);
    const thousands = Math.floor(under / 1000);
    if (thousands > 0) parts.push(`${spell(BigInt(thousands), words)} ${words.thousand}`);
    under %= 1000;
    if (under >= 100) parts.push(`${words.below100(Math.floor(under / 100))} ${words.hundred}`);
    if (under % 100 > 0) parts.push(words.below100(under % 100));
    return parts.join(" ");
  }
  const crores = value / 10_000_000n;
  if (crores > 0n) parts.push(`${spell(crores, words)} ${words.crore}`);
  let rest = Number(value % 10_000_000n);
  for (const [size, name] of [[100_000, words.lakh], [1_000, words.thousand], [100, words.hundred]] as const) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${words.below100(count)} ${name}`);
    rest %= size;
  }
  if (rest > 0) parts.push(words.below100(rest));
  return parts.join(" ");
}

/** Names of the whole and the hundredth of a currency; a currency without names here is written with its code. */
const names: Record<string, { en: [string, string]; hi: [string, string] }> = {
  INR: { en: ["Rupees", "paise"], hi: ["रुपये", "पैसे"] },
  GBP: { en: ["Pounds", "pence"], hi: ["पाउंड", "पेंस"] },
  USD: { en: ["Dollars", "cents"], hi: ["डॉलर", "सेंट"] },
  KES: { en: ["Kenya shillings", "cents"], hi: ["केन्याई शिलिंग", "सेंट"] },
};

/** `11334.00` as "Rupees eleven thousand three hundred thirty-four only": rupees in lakh and crore, others in thousand and million. */
export function amountInWords(amount: string, language: string, currency = "INR"): string {
  const match = /^(-?)(\d+)(?:\.(\d{1,3}))?$/.exec(amount);
  if (!match) return amount;
  const whole = BigInt(match[2]!);
  const fraction = Number((match[3] ?? "").padEnd(2, "0").slice(0, 2) || "0");
  const lang = language.startsWith("hi") ? "hi" : "en";
  const [unit, cent] = names[currency]?.[lang] ?? [currency, ""];
  if (lang === "hi") {
    const rest = fraction ? ` ${devanagari.below100(fraction)} ${cent}` : "";
    return `${match[1] ? "ऋण " : ""}${spell(whole, devanagari)} ${unit}${rest} मात्र`;
  }
  const rest = fraction ? ` and ${english.below100(fraction)} ${cent}` : "";
  return `${match[1] ? "Minus " : ""}${unit} ${spell(whole, currency === "INR" ? english : western)}${rest} only`;
}
