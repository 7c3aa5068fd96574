package io.offtake.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A return as a document: what [Returns] credits, written in the shape of an invoice whose amounts are positive and count against sales, so that the
/// journal, the paper and the returns are made of it as of any other document. Lines keep the numbers that they have on the original.
///
/// @param decided     value, tax, benefits taken back and cost; it moves no goods of its own
/// @param freeNumbers the original's line number of each of `decided.freeLines()`
/// @param taken       every benefit row of the original that this note takes something of, or gives something back to
/// @param costs       frozen cost of what came back, by [#key] of the original's line
/// @param carried     what of the credit is set off against an earlier shortfall (−) or is short now (+): payable = value + tax + rounding + carried
/// @param carry       what the next note of this original begins with, 0 or negative
public record ReturnNote(Decision.Decided decided, List<Integer> freeNumbers, List<Taken> taken, Map<String, Money> costs, Money carried, Money carry) {
    public ReturnNote {
        freeNumbers = List.copyOf(freeNumbers);
        taken = List.copyOf(taken);
        costs = Map.copyOf(costs);
    }

    /// What is taken back of one scheme on one line of the original.
    /// @param freeSkuId null for money off
    /// @param freeQty   free units that came back or are charged
    /// @param claim     what the principal is no longer asked for, as the original's row says it (free goods at the claim rate, before the split)
    public record Taken(int line, int part, String schemeId, int schemeVersion, String freeSkuId, Money amount, Money principalShare, Money distributorShare, Qty freeQty, Money claim) {}

    /// The name of a line in `costs` and `batches`.
    public static String key(int line, int part) {
        return line + "." + part;
    }

    /// The number of the original's first free line: free goods are numbered after the billed lines.
    public static int freeFrom(Decision.Decided original) {
        int last = 0;
        for (var line : original.lines()) last = Math.max(last, line.line());
        return last + 1;
    }

    /// The batches of `qty` units of a line after `before` units have come back, in the order in which they were issued.
    public static List<Decision.BatchQty> batches(List<Decision.BatchQty> issued, Qty before, Qty qty) {
        long skip = before.milli(), want = qty.milli();
        var rows = new ArrayList<Decision.BatchQty>();
        for (var batch : issued) {
            long there = batch.qty().milli(), skipped = Math.min(there, skip);
            skip -= skipped;
            long taken = Math.min(there - skipped, want);
            want -= taken;
            if (taken > 0) rows.add(new Decision.BatchQty(batch.batchId(), batch.batchNo(), batch.expiresOn(), new Qty(taken), batch.unitCost()));
        }
        return rows;
    }

    /// Works a return out ([Returns#reverse]) and writes it as a document.
    ///
    /// @param on      business date of the note, epoch day
    /// @param taxed   false for a financial credit note: the value alone (IN-21, IN-22)
    /// @param batches what came back of each line by [#key]; lines that are missing take the batches in the order of issue
    /// @return the note, and the outcome that later returns need
    public static Drawn draw(Engine engine, Returns.Request request, int on, boolean taxed, Map<String, List<Decision.BatchQty>> batches) {
        return new Pen(engine, request, on, taxed, batches).draw();
    }

    /// @param countedBefore what the schemes that accrue counted on what had stayed until now; `countedNow` what they count on what stays
    public record Drawn(ReturnNote note, Returns.Outcome outcome, List<Decision.Accrual> countedBefore, List<Decision.Accrual> countedNow) {}

    private static final class Pen {
        final Engine engine;
        final Returns.Request request;
        final Decision.Decided original;
        final int on;
        final boolean taxed;
        final int scale;
        final Map<String, List<Decision.BatchQty>> batches;
        final Map<String, Long> before = new HashMap<>();
        final Map<String, Long> now = new HashMap<>();
        final List<Decision.ResultLine> lines = new ArrayList<>();
        final List<Decision.FreeLine> freeLines = new ArrayList<>();
        final List<Integer> freeNumbers = new ArrayList<>();
        final List<Taken> taken = new ArrayList<>();
        final Map<String, Money> costs = new LinkedHashMap<>();
        final Map<String, long[]> freeOf = new HashMap<>();   // by scheme: value, cost, claim now, claim before
        List<Decision.Accrual> countedBefore;
        long cost, freeCost;

        Pen(Engine engine, Returns.Request request, int on, boolean taxed, Map<String, List<Decision.BatchQty>> batches) {
            this.engine = engine;
            this.request = request;
            this.on = on;
            this.taxed = taxed;
            this.batches = batches;
            original = request.decision();
            scale = engine.book().currency().scale();
            for (var line : request.lines()) now.merge(key(line.line(), line.part()), line.qty().milli(), Math::addExact);
            for (var outcome : request.earlier()) for (var line : outcome.lines()) before.merge(key(line.line(), line.part()), line.qty().milli(), Math::addExact);
        }

        Money money(long units) {
            return new Money(units, scale);
        }

        Drawn draw() {
            var standing = Returns.standing(engine, request);
            var outcome = standing.outcome();
            var previous = previous();
            var benefits = new HashMap<String, List<Decision.LineBenefit>>();
            for (var lost : standing.lost()) {
                var was = previous.get(key(lost.line(), lost.part()) + '|' + lost.schemeId());
                long amount = lost.amount() - (was == null ? 0 : was.amount()), principal = lost.principalShare() - (was == null ? 0 : was.principalShare());
                if (amount == 0 && principal == 0) continue;
                benefits.computeIfAbsent(key(lost.line(), lost.part()), any -> new ArrayList<>())
                        .add(new Decision.LineBenefit(lost.schemeId(), lost.schemeVersion(), lost.stage(), money(amount), money(principal), money(amount - principal)));
                taken.add(new Taken(lost.line(), lost.part(), lost.schemeId(), lost.schemeVersion(), null, money(amount), money(principal), money(amount - principal), Qty.ZERO,
                        money(isClaimed(lost.schemeId()) ? principal : 0)));
            }
            for (var row : outcome.lines()) billed(row, benefits.getOrDefault(key(row.line(), row.part()), List.of()));
            for (var row : outcome.free()) free(row);
            return new Drawn(note(outcome), outcome, countedBefore, standing.counted());
        }

        /// What had been lost after the returns before; nothing came back now in that question.
        Map<String, Returns.Lost> previous() {
            countedBefore = original.more().accruals();
            if (request.earlier().isEmpty()) return Map.of();
            var found = new HashMap<String, Returns.Lost>();
            var standing = Returns.standing(engine, new Returns.Request(request.command(), original, request.earlier(), List.of(), List.of(), false, Money.zero(scale)));
            countedBefore = standing.counted();
            for (var lost : standing.lost()) found.put(key(lost.line(), lost.part()) + '|' + lost.schemeId(), lost);
            return found;
        }

        boolean isClaimed(String schemeId) {
            for (var scheme : original.schemes()) if (scheme.schemeId().equals(schemeId)) return !scheme.claim().isZero();
            return false;
        }

        void billed(Returns.Credited row, List<Decision.LineBenefit> benefits) {
            var key = key(row.line(), row.part());
            Decision.ResultLine line = null;
            for (var one : original.lines()) if (one.line() == row.line() && one.part() == row.part()) line = one;
            if (line == null) throw new IllegalArgumentException("there is no line " + key);
            long earlier = before.getOrDefault(key, 0L), back = earlier + now.getOrDefault(key, 0L);
            var cameCost = money(share(line.cost(), back, line.qty()) - share(line.cost(), earlier, line.qty()));
            cost += cameCost.units();
            costs.merge(key, cameCost, Money::plus);
            var came = batches.containsKey(key) ? batches.get(key) : batches(line.batches(), new Qty(earlier), row.qty());
            var shared = shared(line, earlier, back);
            lines.add(new Decision.ResultLine(line.line(), line.part(), line.skuId(), line.mrp(), came, row.qty(), line.unitPrice(), line.priceListId(), line.priceListVersion(),
                    line.priceLevel(), line.taxInclusive(), gross(line, row, shared), benefits, row.schemeDiscount(), row.manualDiscount(), shared, row.taxable(), line.hsn(),
                    taxed ? line.taxRateId() : null, taxed ? line.taxRateVersion() : 0, taxed ? line.taxKind() : null, taxed ? line.taxRate() : Rate.ZERO,
                    head(row.cgst()), head(row.sgst()), head(row.igst()), head(row.cess()), taxed ? row.total() : row.taxable(), cameCost,
                    taxed ? more(line.more(), row.assessable(), row.taxable(), row.vat()) : null, line.manualCode()));
        }

        /// What of the value moved to free goods falls to the units that came back now (EX-11).
        Money shared(Decision.ResultLine line, long earlier, long back) {
            return money(share(line.sharedValue(), back, line.qty()) - share(line.sharedValue(), earlier, line.qty()));
        }

        /// The credit before benefits, so that gross less discounts is the value credited, to the paisa and also where a benefit stays with the outlet (policy NONE).
        Money gross(Decision.ResultLine line, Returns.Credited row, Money shared) {
            var value = line.taxInclusive() ? row.total() : row.taxable();
            return value.plus(row.schemeDiscount()).plus(row.manualDiscount()).minus(shared);
        }

        Money head(Money tax) {
            return taxed ? tax : money(0);
        }

        static Decision.TaxMore more(Decision.TaxMore as, Money assessable, Money taxable, Money vat) {
            return as == null ? null : new Decision.TaxMore(as.assessable() == null && assessable.equals(taxable) ? null : assessable, as.rsp(), as.vat() == null ? null : vat, as.category());
        }

        /// The units of one scheme and SKU, laid onto the original's free lines in their order: what came back, then what is charged.
        void free(Returns.FreeRow row) {
            long earlier = 0, claimBefore = 0, claimed = 0;
            for (var outcome : request.earlier()) for (var was : outcome.free())
                if (was.schemeId().equals(row.schemeId()) && was.skuId().equals(row.skuId())) {
                    earlier += was.back().milli() + was.charged().milli();
                    claimBefore += was.claim().units();
                }
            long skip = earlier, back = row.back().milli(), charged = row.charged().milli(), claim = row.claim().units();
            boolean moneyOnFirst = charged == 0;
            int number = freeFrom(original) - 1;
            int last = -1;
            for (var line : original.freeLines()) {
                number++;
                if (!line.schemeId().equals(row.schemeId()) || !line.skuId().equals(row.skuId())) continue;
                claimed += line.claimValue().units();
                long there = line.qty().milli(), skipped = Math.min(there, skip);
                skip -= skipped;
                long b = Math.min(there - skipped, back), c = Math.min(there - skipped - b, charged);
                back -= b;
                charged -= c;
                if (b + c == 0) continue;
                long claimOf = share(line.claimValue(), skipped + b + c, line.qty()) - share(line.claimValue(), skipped, line.qty());
                claim -= claimOf;
                taken.add(new Taken(number, 1, row.schemeId(), line.schemeVersion(), row.skuId(), money(0), money(0), money(0), new Qty(b + c), money(claimOf)));
                last = taken.size() - 1;
                var backCost = money(share(line.cost(), skipped + b, line.qty()) - share(line.cost(), skipped, line.qty()));
                long chargedCost = share(line.cost(), skipped + b + c, line.qty()) - share(line.cost(), skipped + b, line.qty());
                cost -= chargedCost;
                freeCost += backCost.units() + chargedCost;
                costs.merge(key(number, 1), backCost, Money::plus);
                var value = money(Fixed.mulDivHalfUp(line.unitPrice().micros(), b, Fixed.power10(9 - scale)));
                var sums = freeOf.computeIfAbsent(row.schemeId(), any -> new long[4]);
                sums[0] += value.units();
                sums[1] += backCost.units();
                if (b > 0) {
                    boolean bears = moneyOnFirst;
                    moneyOnFirst = false;
                    var came = batches.containsKey(key(number, 1)) ? batches.get(key(number, 1)) : batches(line.batches(), new Qty(skipped), new Qty(b));
                    freeNumbers.add(number);
                    freeLines.add(new Decision.FreeLine(line.schemeId(), line.schemeVersion(), line.skuId(), line.mrp(), came, new Qty(b), line.inside(), line.unitPrice(), value,
                            bears ? row.taxable().negate() : money(0), line.hsn(), taxed ? line.taxRateId() : null, taxed ? line.taxRateVersion() : 0, taxed ? line.taxKind() : null,
                            taxed ? line.taxRate() : Rate.ZERO, bears ? head(row.cgst()).negate() : money(0), bears ? head(row.sgst()).negate() : money(0),
                            bears ? head(row.igst()).negate() : money(0), bears ? head(row.cess()).negate() : money(0),
                            bears ? (taxed ? row.total() : row.taxable()).negate() : money(0), backCost, line.claimRate(), money(claimOf),
                            !taxed || line.more() == null ? null : new Decision.TaxMore(null, line.more().rsp(), line.more().vat() == null ? null : bears ? row.vat().negate() : money(0), line.more().category())));
                }
                if (c > 0) charged(row, line, number, b > 0 ? 2 : 1, c, charged == 0, chargedCost);
            }
            if (claim != 0 && last >= 0) {
                var bears = taken.get(last);
                taken.set(last, new Taken(bears.line(), bears.part(), bears.schemeId(), bears.schemeVersion(), bears.freeSkuId(), bears.amount(), bears.principalShare(), bears.distributorShare(),
                        bears.freeQty(), money(bears.claim().units() + claim)));
            }
            var sums = freeOf.computeIfAbsent(row.schemeId(), any -> new long[4]);
            sums[2] += row.claim().units();
            sums[3] += claimBefore;
        }

        /// Unearned free goods that stay with the outlet become sold ones; the last such line bears the money of the row.
        void charged(Returns.FreeRow row, Decision.FreeLine line, int number, int part, long qty, boolean bears, long chargedCost) {
            var gross = money(-Fixed.mulDivHalfUp(line.unitPrice().micros(), qty, Fixed.power10(9 - scale)));
            var taxable = bears ? row.taxable().negate() : money(0);
            lines.add(new Decision.ResultLine(number, part, line.skuId(), line.mrp(), List.of(), new Qty(-qty), line.unitPrice(), null, 0, 0, false, gross, List.of(), money(0), money(0),
                    taxable.minus(gross), taxable, line.hsn(), taxed ? line.taxRateId() : null, taxed ? line.taxRateVersion() : 0, taxed ? line.taxKind() : null,
                    taxed ? line.taxRate() : Rate.ZERO, bears ? head(row.cgst()).negate() : money(0), bears ? head(row.sgst()).negate() : money(0),
                    bears ? head(row.igst()).negate() : money(0), bears ? head(row.cess()).negate() : money(0), bears ? (taxed ? row.total() : row.taxable()).negate() : money(0),
                    money(-chargedCost), !taxed || line.more() == null && row.vat().isZero() ? null : new Decision.TaxMore(null, null, bears ? row.vat().negate() : money(0), null), null));
        }

        static long share(Money of, long part, Qty whole) {
            return Returns.Run.share(of, part, whole.milli());
        }

        ReturnNote note(Returns.Outcome outcome) {
            long gross = 0, scheme = 0, manual = 0, taxable = 0, assessable = 0, cgst = 0, sgst = 0, igst = 0, cess = 0, vat = 0;
            var taxes = new LinkedHashMap<String, Decision.TaxSummary>();
            for (var line : lines) {
                gross += line.gross().units();
                scheme += line.schemeDiscount().units();
                manual += line.manualDiscount().units();
                taxable += line.taxable().units();
                assessable += line.assessable().units();
                cgst += line.cgst().units();
                sgst += line.sgst().units();
                igst += line.igst().units();
                cess += line.cess().units();
                vat += line.vat().units();
                summarise(taxes, line.hsn(), line.taxKind(), line.taxRate(), line.qty(), line.taxable(), line.cgst(), line.sgst(), line.igst(), line.cess(), line.more(), line.assessable());
            }
            for (var line : freeLines) {
                taxable += line.taxable().units();
                assessable += line.taxable().units();
                cgst += line.cgst().units();
                sgst += line.sgst().units();
                igst += line.igst().units();
                cess += line.cess().units();
                vat += line.vat().units();
                if (!line.taxable().isZero() || !line.total().isZero())
                    summarise(taxes, line.hsn(), line.taxKind(), line.taxRate(), line.qty(), line.taxable(), line.cgst(), line.sgst(), line.igst(), line.cess(), line.more(), line.taxable());
            }
            long sum = taxable + cgst + sgst + igst + cess + vat;
            long rounding, credit, carry;
            if (taxed) {
                rounding = outcome.totals().rounding().units();
                credit = outcome.totals().credit().units();
                carry = outcome.totals().carry().units();
            } else {
                rounding = Bill.roundDocument(engine.book().rounding(), request.command().paymentMode(), sum, scale) - sum;
                credit = Math.max(0, sum + rounding + request.carry().units());
                carry = Math.min(0, sum + rounding + request.carry().units());
            }
            var more = original.totals().more();
            var totals = new Decision.Totals(money(gross), money(scheme), money(manual), money(taxable), money(cgst), money(sgst), money(igst), money(cess), money(sum),
                    money(credit - sum), money(credit), more == null || !taxed ? null
                            : new Decision.TotalsMore(more.assessable() == null ? null : money(assessable), more.vat() == null ? null : money(vat), null));
            var type = original.more().documentType();
            var decided = new Decision.Decided(original.kind(), on, original.principalId(), original.placeOfSupply(), original.interState(), lines, freeLines, List.copyOf(taxes.values()), totals,
                    schemes(outcome), new Decision.PostingFacts(List.of(), money(cost), money(freeCost)),
                    new Decision.CreditOutcome(original.principalId(), false, money(0), money(0), money(0), 0, on), List.of(), List.of(), original.roundingId(), original.roundingVersion(),
                    type == Decision.DocumentType.TAX_INVOICE ? Decision.More.NONE : new Decision.More(type, List.of(), List.of(), List.of(), List.of(), List.of(), List.of()));
            return new ReturnNote(decided, freeNumbers, taken, costs, money(credit - sum - rounding), money(carry));
        }

        void summarise(Map<String, Decision.TaxSummary> taxes, String hsn, RuleBook.TaxKind kind, Rate rate, Qty qty, Money taxable, Money cgst, Money sgst, Money igst, Money cess,
                       Decision.TaxMore more, Money assessable) {
            var vat = more == null ? null : more.vat();
            var deemed = more == null || more.assessable() == null ? null : assessable;
            taxes.merge(hsn + '|' + kind + '|' + rate, new Decision.TaxSummary(hsn, kind, rate, qty, taxable, cgst, sgst, igst, cess,
                    vat == null && deemed == null ? null : new Decision.TaxMore(deemed, null, vat, more.category())), (a, b) -> new Decision.TaxSummary(hsn, kind, rate, a.qty().plus(b.qty()),
                    a.taxable().plus(b.taxable()), a.cgst().plus(b.cgst()), a.sgst().plus(b.sgst()), a.igst().plus(b.igst()), a.cess().plus(b.cess()), both(a, b)));
        }

        static Decision.TaxMore both(Decision.TaxSummary a, Decision.TaxSummary b) {
            if (a.more() == null && b.more() == null) return null;
            boolean vat = a.more() != null && a.more().vat() != null || b.more() != null && b.more().vat() != null;
            boolean deemed = a.more() != null && a.more().assessable() != null || b.more() != null && b.more().assessable() != null;
            return new Decision.TaxMore(deemed ? a.assessable().plus(b.assessable()) : null, null, vat ? a.vat().plus(b.vat()) : null, a.more() == null ? b.more().category() : a.more().category());
        }

        /// By scheme; the principal's part of free goods is worked out on all that is taken so far, so that it ends at what was booked.
        List<Decision.SchemeBenefit> schemes(Returns.Outcome outcome) {
            var rows = new ArrayList<Decision.SchemeBenefit>();
            for (var booked : original.schemes()) {
                var free = freeOf.get(booked.schemeId());
                long discount = 0, principal = 0, own = 0;
                for (var row : taken) {
                    if (row.freeSkuId() != null || !row.schemeId().equals(booked.schemeId())) continue;
                    discount += row.amount().units();
                    principal += row.principalShare().units();
                    own += row.distributorShare().units();
                }
                long freePrincipal = free == null ? 0 : principalOf(booked, free[2] + free[3]) - principalOf(booked, free[3]);
                if (discount == 0 && principal == 0 && own == 0 && free == null) continue;
                rows.add(new Decision.SchemeBenefit(booked.schemeId(), booked.schemeVersion(), booked.code(), money(discount), money(principal), money(own), money(free == null ? 0 : free[0]),
                        money(free == null ? 0 : free[1]), money(freePrincipal), money(booked.claim().isZero() ? 0 : principal + freePrincipal)));
            }
            return rows;
        }

        long principalOf(Decision.SchemeBenefit booked, long claim) {
            long all = 0;
            for (var line : original.freeLines()) if (line.schemeId().equals(booked.schemeId())) all += line.claimValue().units();
            return all == 0 ? 0 : share(booked.freeGoodsPrincipalShare(), claim, new Qty(all));
        }
    }
}
