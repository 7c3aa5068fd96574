import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { everyRow } from "../http";

/** An article as the pickers and the try-out need it. */
export interface Sku {
  id: number;
  code: string;
  name: string;
  principal?: string | null;
  brand?: string | null;
  category?: string | null;
  mrp?: string | null;
  baseUnit?: string | null;
  status?: string | null;
}

export interface Named {
  id: number;
  code: string;
  name: string;
}

/** Articles, brands and categories by code: a few thousand names, held whole so that picking never waits. */
export interface Goods {
  skus: Map<string, Sku>;
  brands: Map<string, Named>;
  categories: Map<string, Named>;
  ready: boolean;
}

const NONE: Goods = { skus: new Map(), brands: new Map(), categories: new Map(), ready: false };

export function useGoods(): Goods {
  const found = useQuery({
    queryKey: ["goods"],
    staleTime: 300_000,
    queryFn: async () => {
      const [skus, brands, categories] = await Promise.all([
        everyRow<Sku>("/api/v1/skus", { sort: "code" }, 20_000), everyRow<Named>("/api/v1/brands", {}, 5_000), everyRow<Named>("/api/v1/categories", {}, 5_000),
      ]);
      return { skus: skus.rows, brands: brands.rows, categories: categories.rows };
    },
  });
  return useMemo(() => {
    if (!found.data) return NONE;
    const by = <T extends { code: string }>(rows: T[]) => new Map(rows.map((row) => [row.code, row]));
    return { skus: by(found.data.skus), brands: by(found.data.brands), categories: by(found.data.categories), ready: true };
  }, [found.data]);
}

/** A set of articles as a scheme names it: inclusions add up, none means every article of the principal, exclusions are taken out. */
export interface GoodsSet {
  skuIds: string[];
  brandIds: string[];
  categoryIds: string[];
  excludedSkuIds: string[];
  excludedBrandIds: string[];
  excludedCategoryIds: string[];
}

export const EVERYTHING: GoodsSet = { skuIds: [], brandIds: [], categoryIds: [], excludedSkuIds: [], excludedBrandIds: [], excludedCategoryIds: [] };

export const isEverything = (set: GoodsSet): boolean => set.skuIds.length + set.brandIds.length + set.categoryIds.length === 0;

/** The articles of a set, in the order of their codes: for showing how many a set holds; the engine decides by itself. */
export function membersOf(set: GoodsSet, goods: Goods, principal: string): Sku[] {
  const all = isEverything(set);
  const out = { sku: new Set(set.excludedSkuIds), brand: new Set(set.excludedBrandIds), category: new Set(set.excludedCategoryIds) };
  const skus = new Set(set.skuIds);
  const brands = new Set(set.brandIds);
  const categories = new Set(set.categoryIds);
  return [...goods.skus.values()].filter((s) => (!principal || !s.principal || s.principal === principal) && !out.sku.has(s.code) && !out.brand.has(s.brand ?? "") && !out.category.has(s.category ?? "") && (all || skus.has(s.code) || brands.has(s.brand ?? "") || categories.has(s.category ?? "")));
}

/** Codes out of a pasted column or list: tabs, line ends, commas and semicolons part them. */
export function codesIn(text: string): string[] {
  return [...new Set(text.split(/[\n\r\t,;]+/).map((w) => w.trim()).filter(Boolean))];
}
