import type { Bill } from "../../web/src/counter/bill/entry";
import { Chance } from "./chance";

/** A basket by codes, so that twins of a distributor can be billed the same. */
export interface Basket {
  outlet: string;
  mode: Bill["paymentMode"];
  sale: Bill["saleType"];
  lines: { sku: string; qty: string; percent?: string; price?: string }[];
}

/** Schemes of every kind that a bill may meet, with limits of every scope; `$S1` stands for the SKU's id. */
export const SCHEMES = [
  ["SLAB", "M2", `"stage":"LINE","mechanic":{"type":"WHOLE_SLAB","basis":"BASE_QTY","slabs":[{"from":"12","reward":{"percent":"0.02"}},{"from":"36","reward":{"percent":"0.04"}}]},"products":{"skuIds":["$S1"]},"eligibility":{},
    "stacking":"CASCADE","priority":10,"principalShare":"0.7","claimable":true,"claimRate":"PTS","limits":{"perOutlet":{"amount":"900.00","period":"MONTH"},"whenCut":"PARTIAL"}`],
  ["TEN1", "M4", `"stage":"FREE_GOODS","mechanic":{"type":"FREE_GOODS","buy":"10","get":"1","repeat":true,"inside":false,"capPerInvoice":"5","tax":"ZERO_PRICED","ifShort":"VALUE_AT_PTR"},"products":{"skuIds":["$S2"]},"eligibility":{},
    "stacking":"CASCADE","priority":20,"principalShare":"1","claimable":true,"claimRate":"PTS","limits":{"perOutlet":{"freeQty":"60","period":"MONTH"},"whenCut":"PARTIAL"}`],
  ["BANDS", "M3", `"stage":"LINE","mechanic":{"type":"INCREMENTAL_SLAB","basis":"BASE_QTY","slabs":[{"from":"6","reward":{"percent":"0.015"}},{"from":"18","reward":{"percent":"0.035"}}]},"products":{"skuIds":["$S3"]},"eligibility":{"paymentModes":["CREDIT","CASH"]},
    "stacking":"CASCADE","priority":11,"principalShare":"1","claimable":true,"claimRate":"PTS"`],
  ["COMBO", "M5", `"stage":"GROUP","mechanic":{"type":"COMBO","groups":[{"products":{"skuIds":["$S4"]},"min":"6"},{"products":{"skuIds":["$S5"]},"min":"4"}],"repeat":false,"reward":{"percent":"0.03"}},"products":{"skuIds":["$S4","$S5"]},"eligibility":{},
    "stacking":"CASCADE","priority":12,"principalShare":"1","claimable":true,"claimRate":"PTS","limits":{"perDistributor":{"amount":"3000.00","period":"SCHEME"},"whenCut":"PARTIAL"}`],
  ["VALUE", "M6", `"stage":"BILL","mechanic":{"type":"VALUE_SLAB","basis":"NET_VALUE","slabs":[{"from":"500","reward":{"percent":"0.01"}},{"from":"2000","reward":{"percent":"0.02"}}]},"products":{},"eligibility":{"channels":["GROCER"]},
    "stacking":"CASCADE","priority":13,"principalShare":"0.5","claimable":true,"claimRate":"PTS"`],
  ["QPS", "M8", `"stage":"ACCRUAL","mechanic":{"type":"QPS","basis":"NET_VALUE","period":"MONTH","method":"WHOLE","slabs":[{"from":"2000","reward":{"percent":"0.01"}}]},"products":{"skuIds":["$S6"]},"eligibility":{},
    "stacking":"CASCADE","priority":14,"principalShare":"1","claimable":true,"claimRate":"PTS","settlement":"CREDIT_NOTE"`],
  ["THIRD", "M4", `"stage":"LINE","mechanic":{"type":"CHEAPEST_FREE","buy":"9","get":"1","repeat":true},"products":{"skuIds":["$S5"]},"eligibility":{},
    "stacking":"CASCADE","priority":15,"principalShare":"1","claimable":true,"claimRate":"PTS"`],
  ["BUDGET", "M1", `"stage":"LINE","mechanic":{"type":"DISCOUNT","reward":{"perUnit":"0.50"}},"products":{"skuIds":["$S4"]},"eligibility":{},
    "stacking":"CASCADE","priority":16,"principalShare":"1","claimable":true,"claimRate":"PTS","limits":{"perDistributor":{"amount":"4000.00","period":"MONTH"},"perOutlet":{"times":12,"period":"MONTH"},"whenCut":"FULL_LAST"}`],
].map(([code, mechanic, definition]) => ({ code: code!, mechanic: mechanic!, definition: definition! }));

export function baskets(seed: number | string, count: number, outlets: string[]): Basket[] {
  const chance = new Chance(`${seed}/baskets`);
  return Array.from({ length: count }, () => {
    const skus = new Set(Array.from({ length: chance.int(1, 6) }, () => `S${chance.int(1, 6)}`));
    return {
      outlet: chance.pick(outlets), mode: chance.pick(["CREDIT", "CREDIT", "CASH", "UPI"] as const), sale: chance.pick(["COUNTER", "DELIVERY"] as const),
      lines: [...skus].map((sku) => ({
        sku, qty: String(chance.often(0.7) ? chance.int(1, 24) : chance.int(25, 150)),
        ...(chance.often(0.08) ? { percent: chance.pick(["0.5", "1", "1.75", "3.3333"]) } : {}), ...(chance.often(0.03) ? { price: chance.pick(["8.10", "30.25", "44.444444"]) } : {}),
      })),
    };
  });
}
