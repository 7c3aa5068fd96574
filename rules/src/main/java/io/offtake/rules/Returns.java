package io.offtake.rules;

import io.offtake.rules.Scheme.ReturnPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Returns of goods from a decided document (PX-41): what is credited, by line and tax head, what schemes take back, and what
/// becomes of free goods that are no longer earned. Every credit is the difference of two states of the document — as it stood after
/// the returns before, and as it stands now — so several returns leave no residue.
public final class Returns {
    private Returns() {}

    /// @param engine   of the book that decided the document
    /// @param earlier  the outcomes of the returns before, oldest first
    /// @param lines    billed units that come back now
    /// @param free     free units that come back now
    /// @param charge   unearned free goods that do not come back are charged at once; else they stay open
    /// @param carry    carried from earlier notes, 0 or negative
    public record Request(DecideCommand command, Decision.Decided decision, List<Outcome> earlier, List<Line> lines, List<Free> free, boolean charge, Money carry) {
        public Request {
            earlier = List.copyOf(earlier);
            lines = List.copyOf(lines);
            free = List.copyOf(free);
        }
    }

    public record Line(int line, int part, Qty qty) {}

    public record Free(String schemeId, String skuId, Qty qty) {}

    /// What one return does. Amounts are credits; a negative one is charged.
    public record Outcome(List<Credited> lines, List<FreeRow> free, List<SchemeRow> schemes, Totals totals) {
        public Outcome {
            lines = List.copyOf(lines);
            free = List.copyOf(free);
            schemes = List.copyOf(schemes);
        }
    }

    /// A line whose credit changes: units came back, or a benefit on it is taken back (then `qty` is 0).
    public record Credited(int line, int part, String skuId, Qty qty, Money gross, Money schemeDiscount, Money manualDiscount, Money taxable, Money assessable,
                           Money cgst, Money sgst, Money igst, Money cess, Money vat, Money total) {}

    /// Free goods of one scheme and SKU. The money is what is charged for `charged` units, at the price on the document, less what the document had put on the
    /// units that came back or are charged (one price for bought and free goods, EX-11).
    /// @param due     what the goods that stay earn
    /// @param openQty unearned, neither back nor charged
    /// @param claim   what the principal is no longer asked for
    public record FreeRow(String schemeId, String skuId, Qty booked, Qty due, Qty back, Qty charged, Qty openQty, UnitPrice unitPrice, Money taxable, Money cgst,
                          Money sgst, Money igst, Money cess, Money vat, Money total, Money claim) {}

    /// @param due what the scheme gives on what stays; `takenBack` what this return takes back of it, with who had paid it
    public record SchemeRow(String schemeId, int schemeVersion, ReturnPolicy policy, Money booked, Money due, Money takenBack, Money principalShare, Money distributorShare) {}

    /// @param credit never negative; what is missing is carried (0 or negative)
    public record Totals(Money taxable, Money cgst, Money sgst, Money igst, Money cess, Money vat, Money beforeRounding, Money rounding, Money credit, Money carry) {}

    /// @throws IllegalArgumentException if more comes back than was billed or given
    public static Outcome reverse(Engine engine, Request request) {
        return new Run(engine, request).outcome();
    }

    /// What one scheme no longer gives on one line, after all returns so far.
    record Lost(int line, int part, String schemeId, int schemeVersion, Scheme.Stage stage, long amount, long principalShare) {}

    /// @param counted what the schemes that accrue count on what stays
    record Standing(Outcome outcome, List<Lost> lost, List<Decision.Accrual> counted) {}

    /// As [#reverse], with what every benefit has lost by then.
    static Standing standing(Engine engine, Request request) {
        var run = new Run(engine, request);
        var outcome = run.outcome();
        return new Standing(outcome, List.copyOf(run.lost), run.counted);
    }

    static final class Run {
        final Engine engine;
        final Request request;
        final Decision.Decided decision;
        final int scale;
        final Map<String, Scheme> schemes = new HashMap<>();
        final List<Lost> lost = new ArrayList<>();
        List<Decision.Accrual> counted = List.of();

        Run(Engine engine, Request request) {
            this.engine = engine;
            this.request = request;
            decision = request.decision();
            scale = engine.book().currency().scale();
            for (var scheme : engine.book().schemes())
                for (var row : decision.schemes()) if (row.schemeId().equals(scheme.id()) && row.schemeVersion() == scheme.version()) schemes.put(scheme.id(), scheme);
        }

        Money money(long units) {
            return new Money(units, scale);
        }

        ReturnPolicy policy(String schemeId) {
            var scheme = schemes.get(schemeId);
            return scheme == null ? ReturnPolicy.PROPORTIONAL : scheme.returnPolicy();
        }

        static String key(int line, int part) {
            return line + "." + part;
        }

        Outcome outcome() {
            var now = new HashMap<String, Long>();
            for (var line : request.lines()) now.merge(key(line.line(), line.part()), line.qty().milli(), Math::addExact);
            var before = new HashMap<String, Long>();
            var credited = new HashMap<String, long[]>();
            for (var earlier : request.earlier())
                for (var line : earlier.lines()) {
                    before.merge(key(line.line(), line.part()), line.qty().milli(), Math::addExact);
                    var sums = credited.computeIfAbsent(key(line.line(), line.part()), any -> new long[10]);
                    add(sums, line.gross(), line.schemeDiscount(), line.manualDiscount(), line.taxable(), line.assessable(), line.cgst(), line.sgst(), line.igst(), line.cess(), line.vat());
                }
            var kept = new ArrayList<DecideCommand.Line>();
            var known = new HashSet<String>();
            for (int at = 0; at < decision.lines().size(); at++) {
                var line = decision.lines().get(at);
                var key = key(line.line(), line.part());
                known.add(key);
                long back = before.getOrDefault(key, 0L) + now.getOrDefault(key, 0L);
                if (now.getOrDefault(key, 0L) < 0 || back > line.qty().milli())
                    throw new IllegalArgumentException("line " + key + " has " + line.qty() + " billed; " + new Qty(back) + " would have come back");
                if (back < line.qty().milli())
                    kept.add(new DecideCommand.Line(at + 1, line.skuId(), new Qty(line.qty().milli() - back), null, line.unitPrice(), null, "as billed"));
            }
            for (var key : now.keySet()) if (!known.contains(key)) throw new IllegalArgumentException("there is no line " + key);
            var due = due(kept);

            var rows = new ArrayList<Credited>();
            var bookedOf = new LinkedHashMap<String, long[]>();
            for (var row : decision.schemes()) bookedOf.put(row.schemeId(), new long[4]);   // booked, due, principal booked, principal due
            long taxable = 0, cgst = 0, sgst = 0, igst = 0, cess = 0, vat = 0;
            for (int at = 0; at < decision.lines().size(); at++) {
                var line = decision.lines().get(at);
                var key = key(line.line(), line.part());
                long qty = line.qty().milli(), came = now.getOrDefault(key, 0L), back = before.getOrDefault(key, 0L) + came;
                long gross = share(line.gross(), back, qty), manual = share(line.manualDiscount(), back, qty), shared = share(line.sharedValue(), back, qty);
                boolean proportional = true;
                long stays = 0, booked = 0;
                for (var benefit : bySchemes(line.benefits())) {
                    long amount = benefit.amount().units(), pro = amount - share(benefit.amount(), back, qty);
                    long left = switch (policy(benefit.schemeId())) {
                        case PROPORTIONAL -> pro;
                        case NONE -> amount;
                        case RECOMPUTE -> Math.min(amount, due.money().getOrDefault(at + 1, Map.of()).getOrDefault(benefit.schemeId(), 0L));
                    };
                    proportional &= left == pro;
                    booked += amount;
                    stays += left;
                    var sums = bookedOf.computeIfAbsent(benefit.schemeId(), any -> new long[4]);
                    sums[0] += amount;
                    sums[1] += left;
                    sums[2] += benefit.principalShare().units();
                    long paid = left == amount ? benefit.principalShare().units()
                            : Fixed.mulDivHalfUp(left, schemes.containsKey(benefit.schemeId()) ? schemes.get(benefit.schemeId()).principalShare().micros() : 1_000_000, 1_000_000);
                    sums[3] += paid;
                    lost.add(new Lost(line.line(), line.part(), benefit.schemeId(), benefit.schemeVersion(), benefit.stage(), amount - left, benefit.principalShare().units() - paid));
                }
                long[] total = {gross, booked - stays, manual, 0, 0, 0, 0, 0, 0, 0};
                var rate = rate(line);
                boolean byRsp = rate != null && rate.terms().valuation() == RuleBook.Valuation.RSP;
                if (proportional || back == qty) {
                    total[3] = share(line.taxable(), back, qty);
                    total[4] = share(line.assessable(), back, qty);
                    heads(total, line, back, qty);
                } else {
                    long value = line.gross().units() - gross - stays - (line.manualDiscount().units() - manual) + line.sharedValue().units() - shared;
                    value = Math.max(0, value);
                    if (byRsp) {
                        heads(total, line, back, qty);
                        total[4] = share(line.assessable(), back, qty);
                        long taxesLeft = line.total().units() - line.taxable().units() - total[5] - total[6] - total[7] - total[8] - total[9];
                        total[3] = line.taxable().units() - (line.taxInclusive() ? value - taxesLeft : value);
                    } else {
                        var left = engine.taxes.heads(rate, value, line.taxInclusive(), decision.interState(), 0, qty - back, scale);
                        total[3] = line.taxable().units() - left.taxable;
                        total[4] = line.assessable().units() - left.assessable;
                        total[5] = line.cgst().units() - left.cgst;
                        total[6] = line.sgst().units() - left.sgst;
                        total[7] = line.igst().units() - left.igst;
                        total[8] = line.cess().units() - left.cess;
                        total[9] = line.vat().units() - left.vat;
                    }
                }
                var sums = credited.getOrDefault(key, new long[10]);
                boolean any = came != 0;
                for (int place = 0; place < total.length; place++) any |= (total[place] -= sums[place]) != 0;
                if (!any) continue;
                taxable += total[3];
                cgst += total[5];
                sgst += total[6];
                igst += total[7];
                cess += total[8];
                vat += total[9];
                rows.add(new Credited(line.line(), line.part(), line.skuId(), new Qty(came), money(total[0]), money(total[1]), money(total[2]), money(total[3]), money(total[4]),
                        money(total[5]), money(total[6]), money(total[7]), money(total[8]), money(total[9]), money(total[3] + total[5] + total[6] + total[7] + total[8] + total[9])));
            }
            var free = free(due);
            for (var row : free) {
                taxable -= row.taxable().units();
                cgst -= row.cgst().units();
                sgst -= row.sgst().units();
                igst -= row.igst().units();
                cess -= row.cess().units();
                vat -= row.vat().units();
            }
            long sum = taxable + cgst + sgst + igst + cess + vat, earlierSum = 0, earlierRounded = 0;
            for (var earlier : request.earlier()) {
                earlierSum += earlier.totals().beforeRounding().units();
                earlierRounded += earlier.totals().beforeRounding().units() + earlier.totals().rounding().units();
            }
            long rounded = Bill.roundDocument(engine.book().rounding(), request.command().paymentMode(), earlierSum + sum, scale) - earlierRounded;
            long owed = rounded + request.carry().units();
            var totals = new Totals(money(taxable), money(cgst), money(sgst), money(igst), money(cess), money(vat), money(sum), money(rounded - sum),
                    money(Math.max(0, owed)), money(Math.min(0, owed)));
            return new Outcome(rows, free, schemeRows(bookedOf), totals);
        }

        /// One row for each scheme: free goods of several rewards that are given as value may lie on one line.
        static List<Decision.LineBenefit> bySchemes(List<Decision.LineBenefit> benefits) {
            var rows = new LinkedHashMap<String, Decision.LineBenefit>();
            for (var one : benefits)
                rows.merge(one.schemeId(), one, (a, b) -> new Decision.LineBenefit(a.schemeId(), a.schemeVersion(), a.stage(), a.amount().plus(b.amount()),
                        a.principalShare().plus(b.principalShare()), a.distributorShare().plus(b.distributorShare())));
            return List.copyOf(rows.values());
        }

        /// What the schemes that gave something give on what stays, at the prices on the document.
        Bill.Due due(List<DecideCommand.Line> kept) {
            var only = new HashSet<String>();
            for (var row : decision.schemes()) only.add(row.schemeId() + '|' + row.schemeVersion());
            var accruing = new HashSet<String>();
            for (var row : decision.more().accruals()) accruing.add(row.schemeId() + '|' + row.schemeVersion());
            if (!kept.isEmpty() && !accruing.isEmpty()) counted = due(kept, accruing).accruals();
            return kept.isEmpty() || only.isEmpty() ? new Bill.Due(Map.of(), Map.of(), List.of()) : due(kept, only);
        }

        Bill.Due due(List<DecideCommand.Line> kept, HashSet<String> only) {
            var command = request.command();
            var mrps = new HashMap<Integer, Money>();
            for (var line : kept) mrps.put(line.line(), decision.lines().get(line.line() - 1).mrp());
            return engine.due(new DecideCommand(command.kind(), command.businessDate(), command.saleType(), command.paymentMode(), decision.principalId(), command.outlet(), kept,
                    List.of(), List.of(), command.facts()), only, mrps);
        }

        static long share(Money of, long part, long whole) {
            return part == whole ? of.units() : Fixed.mulDivHalfUp(of.units(), part, whole);
        }

        static void heads(long[] total, Decision.ResultLine line, long back, long qty) {
            total[5] = share(line.cgst(), back, qty);
            total[6] = share(line.sgst(), back, qty);
            total[7] = share(line.igst(), back, qty);
            total[8] = share(line.cess(), back, qty);
            total[9] = share(line.vat(), back, qty);
        }

        static void add(long[] sums, Money... amounts) {
            for (int at = 0; at < amounts.length; at++) sums[at] += amounts[at].units();
        }

        RuleBook.TaxRate rate(Decision.ResultLine line) {
            return rate(line.taxRateId(), line.taxRateVersion(), line.taxKind());
        }

        /// None where the supply bore no tax, whatever the rate of the goods: what went abroad, what is exempt.
        RuleBook.TaxRate rate(String id, int version, RuleBook.TaxKind kind) {
            if (id == null || kind != RuleBook.TaxKind.TAXABLE) return null;
            for (var rate : engine.book().taxRates()) if (rate.id().equals(id) && rate.version() == version) return rate;
            throw new IllegalArgumentException("the book has no tax rate " + id + " version " + version);
        }

        List<SchemeRow> schemeRows(Map<String, long[]> bookedOf) {
            var rows = new ArrayList<SchemeRow>();
            bookedOf.forEach((id, sums) -> {
                if (sums[0] == 0) return;
                long earlier = 0, earlierPrincipal = 0;
                int version = 0;
                for (var outcome : request.earlier()) for (var row : outcome.schemes())
                    if (row.schemeId().equals(id)) {
                        earlier += row.takenBack().units();
                        earlierPrincipal += row.principalShare().units();
                    }
                for (var row : decision.schemes()) if (row.schemeId().equals(id)) version = row.schemeVersion();
                long back = sums[0] - sums[1] - earlier, principal = sums[2] - sums[3] - earlierPrincipal;
                rows.add(new SchemeRow(id, version, policy(id), money(sums[0]), money(sums[1]), money(back), money(principal), money(back - principal)));
            });
            return rows;
        }

        List<FreeRow> free(Bill.Due due) {
            var booked = new LinkedHashMap<String, List<Decision.FreeLine>>();
            for (var line : decision.freeLines()) booked.computeIfAbsent(line.schemeId() + '|' + line.skuId(), any -> new ArrayList<>()).add(line);
            var now = new HashMap<String, Long>();
            for (var row : request.free()) now.merge(row.schemeId() + '|' + row.skuId(), row.qty().milli(), Math::addExact);
            for (var key : now.keySet()) if (!booked.containsKey(key)) throw new IllegalArgumentException("no free goods were given as " + key.replace('|', ' '));
            // Substitutes and chosen SKUs: what a scheme still gives is counted against its rows in their order.
            var dueOf = new HashMap<String, Long>();
            due.free().forEach((key, qty) -> dueOf.merge(key.substring(0, key.lastIndexOf('|')), qty, Long::sum));
            var perSku = due.free();
            var rows = new ArrayList<FreeRow>();
            booked.forEach((key, lines) -> {
                var schemeId = lines.getFirst().schemeId();
                long given = 0, claimed = 0;
                for (var line : lines) {
                    given += line.qty().milli();
                    claimed += line.claimValue().units();
                }
                long left = switch (policy(schemeId)) {
                    case RECOMPUTE -> {
                        boolean same = schemes.containsKey(schemeId) && schemes.get(schemeId).mechanic() instanceof Scheme.Mechanic.FreeGoods one && one.rewardSkuIds().isEmpty();
                        long open = same ? perSku.getOrDefault(key, 0L) : dueOf.getOrDefault(schemeId, 0L);
                        long kept = Math.min(given, open);
                        dueOf.merge(schemeId, -kept, Long::sum);
                        yield kept;
                    }
                    case PROPORTIONAL -> given - proportionalBack(given);
                    case NONE -> given;
                };
                long back = 0, charged = 0, claimBefore = 0;
                for (var earlier : request.earlier()) for (var row : earlier.free())
                    if (row.schemeId().equals(schemeId) && row.skuId().equals(lines.getFirst().skuId())) {
                        back += row.back().milli();
                        charged += row.charged().milli();
                        claimBefore += row.claim().units();
                    }
                long came = now.getOrDefault(key, 0L);
                if (came < 0 || back + charged + came > given) throw new IllegalArgumentException("more free goods come back than were given: " + key.replace('|', ' '));
                long open = Math.max(0, given - left - back - charged - came);
                long charge = request.charge() ? open : 0;
                var unit = lines.getFirst().unitPrice();
                var rate = rate(lines.getFirst().taxRateId(), lines.getFirst().taxRateVersion(), lines.getFirst().taxKind());
                long value = Fixed.mulDivHalfUp(unit.micros(), charge, Fixed.power10(9 - scale));
                long rsp = lines.getFirst().mrp() == null ? 0 : Fixed.mulDivHalfUp(lines.getFirst().mrp().units(), charge, 1000);
                var heads = engine.taxes.heads(charge == 0 ? null : rate, value, isInclusive(lines.getFirst()), decision.interState(), rsp, charge, scale);
                long claim = Fixed.mulDivHalfUp(claimed, back + charged + came + charge, given) - claimBefore;
                if (came == 0 && open == 0 && left == given && claim == 0) return;
                // one price for bought and free goods (EX-11): what the bill had put on these units is credited
                long[] shared = new long[6];
                for (var line : lines) {
                    var of = new Money[] {line.taxable(), line.cgst(), line.sgst(), line.igst(), line.cess(), line.vat()};
                    for (int head = 0; head < of.length; head++) shared[head] += of[head].units();
                }
                for (int head = 0; head < shared.length; head++)
                    shared[head] = share(money(shared[head]), back + charged + came + charge, given) - share(money(shared[head]), back + charged, given);
                long taxes = heads.taxes() - shared[1] - shared[2] - shared[3] - shared[4] - shared[5];
                rows.add(new FreeRow(schemeId, lines.getFirst().skuId(), new Qty(given), new Qty(left), new Qty(came), new Qty(charge), new Qty(open - charge), unit,
                        money(heads.taxable - shared[0]), money(heads.cgst - shared[1]), money(heads.sgst - shared[2]), money(heads.igst - shared[3]), money(heads.cess - shared[4]),
                        money(heads.vat - shared[5]), money(heads.taxable - shared[0] + taxes), money(claim)));
            });
            return rows;
        }

        boolean isInclusive(Decision.FreeLine free) {
            for (var line : decision.lines()) if (line.skuId().equals(free.skuId())) return line.taxInclusive();
            return false;
        }

        /// The free units that fall to the billed units that came back, rounded down: what PROPORTIONAL takes back of them.
        long proportionalBack(long given) {
            long billed = 0, back = 0;
            for (var line : decision.lines()) billed += line.qty().milli();
            for (var line : request.lines()) back += line.qty().milli();
            for (var earlier : request.earlier()) for (var line : earlier.lines()) back += line.qty().milli();
            long part = billed == 0 ? 0 : Fixed.mulDivDown(given, back, billed);
            return part - part % 1000;
        }
    }
}
