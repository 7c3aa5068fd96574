/// An independent calculator of prices, schemes and tax, and what it is compared with the engine by.
///
/// [SlowCalculator] was written from domain/04 and domain/05a and the JSON contract alone, by another author than the engine's and before
/// reading it. It is slow and literal: `BigDecimal`, one method per rule, no index, and its own reader of JSON. [AnyCase] makes random
/// books and bills, [OracleTest] compares, [Differences] shrinks what differs, [Mutants] plants the bugs that prove the oracle,
/// [BillPropertiesTest] holds section 4's promises (permutation, split, merge, stated gaps) and [BrowserCasesTest] writes bills for the
/// browser's build.
///
/// What the domain text leaves open was settled by both authors; the oracle follows:
///
/// - **Equal lines** (SKU, MRP, price) are one for every decision. Values that thresholds look at are those of the whole line, as if it had
///   been written in one; units that a set or a "cheapest free" takes out of it lie on its lines in proportion. So a split moves rounding only.
/// - **Ties** after SKU code, MRP and quantity: without the user's own discount first, then the line's number.
/// - **Batches** go first to lines that name one, then to lines without manual price, without manual discount, of lower quantity.
/// - **Free units inside** the ordered quantity come out of the cheapest price; among equals out of the line with the larger manual discount.
/// - **Exclusion groups**: what is valued is what the scheme's limits leave. Units beyond a cap or a limit stay free for the others.
///   For free goods counted in cases or value all lines of the SKU (or set) that earned are used. A refused scheme names who has its first line.
/// - **Limits** cut in their order, the last that cuts is named; money is cut in the proportion of what the lines earned, free goods to the
///   most whole units that fit at the price at which they are printed.
/// - **Bands** of counted bases begin with their `from`-th piece, of weight and value above `from`; all bands make one amount that rounds once.
/// - **A rate** (per unit, per kg) rounds line by line; a sum (fixed, a case's rebate, a set's) rounds once and goes by net value.
/// - **Accruals** count taxable value after the user's own discount (DOMAIN B, "Sales").
/// - **FRACTION** values round before the head is taken; RSP goods are taxed on their RSP also when free.
/// - **A version** approved after the business date is as if it were not there, unless it is retrospective and none else is in force.
package io.offtake.rules.oracle;
