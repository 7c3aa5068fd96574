/** The ES module made from rules-web: JSON texts in and out. Its shapes are documented in spec/README.md. */
declare module "*/generated/rules.js" {
  export function open(ruleBook: string): number;
  export function release(handle: number): void;
  export function decide(handle: number, command: string): string;
  export function parseQuantity(handle: number, skuId: string, text: string): string;
}
