/** The ES module made from rules-web: JSON in, JSON out. Its shapes are documented in spec/README.md. */
declare module "*/generated/rules.js" {
  export function open(ruleBook: string): void;
  export function decide(input: string): string;
  export function parseQuantity(text: string, units: string): string;
}
