package io.offtake.claims.app;

import io.offtake.billing.BillFacts;
import io.offtake.claims.domain.Workdays;
import io.offtake.claims.store.ClaimStore;
import io.offtake.claims.store.ClaimStore.Event;
import io.offtake.claims.store.ClaimStore.Head;
import io.offtake.governance.AuditTrail;
import io.offtake.governance.Policies;
import io.offtake.governance.PolicyKey;
import io.offtake.network.Sellers;
import io.offtake.platform.Documents;
import io.offtake.platform.Fingerprint;
import io.offtake.platform.Ids;
import io.offtake.platform.Pipeline;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.receivables.Receivables;
import io.offtake.rules.Journal;
import io.offtake.rules.Money;
import io.offtake.rules.Rate;
import io.offtake.schemes.SchemeRelations;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// What claims do to the books of both parties, to the audit chain and to the feed; always inside a transaction of the distributor.
@Component
class Bookkeeper {
    private final TenantTransaction transactions;
    private final Sellers sellers;
    private final Policies policies;
    private final Ids ids;
    private final Clock clock;

    Bookkeeper(TenantTransaction transactions, Sellers sellers, Policies policies, Ids ids, Clock clock) {
        this.transactions = transactions;
        this.sellers = sellers;
        this.policies = policies;
        this.ids = ids;
        this.clock = clock;
    }

    record Seller(ZoneId zone, String currency, String stateCode) {}

    Seller seller(JdbcClient db, long distributorId) {
        var seller = sellers.seller(db, distributorId);
        return new Seller(ZoneId.of(seller.timeZone()), seller.currency(), seller.stateCode());
    }

    static String number(String prefix, int year, long number) {
        var digits = Long.toString(number);
        return prefix + year % 100 + "/" + "0".repeat(Math.max(0, 6 - digits.length())) + digits;
    }

    static Money money(BigDecimal amount) {
        return Money.parse(amount.setScale(2, RoundingMode.UNNECESSARY).toPlainString(), 2);
    }

    /// One balanced journal; nothing is written for an empty one.
    void book(long distributorId, UUID document, String type, LocalDate on, long principalId, Journal journal) {
        if (journal.entries().isEmpty()) return;
        transactions.writeOn(distributorId, connection -> {
            var post = new Pipeline();
            Receivables.book(post, distributorId, List.of(new Receivables.Booking(document, type, on, principalId, null, journal.entries())));
            post.run(connection);
            return true;
        });
    }

    /// The step in the claim's own history, in the audit chain and in the feed.
    void tell(JdbcClient db, Head head, Event event, Instant at, String actor, @Nullable String behalf) {
        ClaimStore.tell(db, head, event, at, actor, behalf);
        var details = new LinkedHashMap<String, Object>();
        details.put("number", head.number());
        details.put("to", event.to());
        if (event.reason() != null) details.put("reason", event.reason());
        if (event.note() != null) details.put("note", event.note());
        details.putAll(event.details());
        var on = LocalDate.ofInstant(at, clock.getZone());
        transactions.writeOn(head.distributorId(), connection -> {
            var post = new Pipeline();
            AuditTrail.append(post, new AuditTrail.Entry(head.distributorId(), at, actor, behalf, event.action(), "CLAIM", head.id(), on, Fingerprint.json(details)), null,
                    new AuditTrail.Event("claim." + event.action().toLowerCase(java.util.Locale.ROOT).replace('_', '-'), head.id(), on, Fingerprint.json(Map.of("status", event.to(), "principalId", head.principalId()))));
            post.run(connection);
            return true;
        });
    }

    // ---- accruals outside of the bill

    private record Earned(long principalId, long schemeId, int schemeVersion, BigDecimal amount, BigDecimal principalShare) {}

    /// P-15: what outlets have earned since it was last booked.
    int bookAccruals(JdbcClient db, long distributorId) {
        var today = LocalDate.now(clock.withZone(seller(db, distributorId).zone()));
        var booking = ids.next();
        ClaimStore.next(db, distributorId, "ACCRUAL", 0, 0);
        int rows = db.sql("""
                        insert into claims.accrual_booking (distributor_id, business_date, source_id, scheme_id, period, sku_id, principal_id, scheme_version, outlet_id, amount, principal_share, booking_id, booked_on)
                        select e.distributor_id, e.business_date, e.document_id, e.scheme_id, e.period, e.sku_id, e.principal_id, e.scheme_version, e.outlet_id, e.amount, e.principal_share, :booking, :today::date
                          from\s""" + SchemeRelations.EARNED + """
                         e where e.distributor_id = :distributor
                           and not exists (select from claims.accrual_booking k where k.distributor_id = e.distributor_id and k.business_date = e.business_date and k.source_id = e.document_id
                                              and k.scheme_id = e.scheme_id and k.period = e.period and k.sku_id = e.sku_id)""")
                .param("booking", booking).param("today", today).param("distributor", distributorId).update();
        if (rows == 0) return 0;
        var earned = db.sql("""
                        select principal_id, scheme_id, scheme_version, sum(amount) as amount, sum(principal_share) as principal_share from claims.accrual_booking
                         where distributor_id = :distributor and booking_id = :booking group by 1, 2, 3 order by 1, 2, 3""").param("distributor", distributorId).param("booking", booking).query(Earned.class).list();
        var byPrincipal = new LinkedHashMap<Long, List<Journal.Entry>>();
        for (var one : earned)
            byPrincipal.computeIfAbsent(one.principalId, _ -> new ArrayList<>())
                    .addAll(Journal.forSchemeAccrual(money(one.amount), money(one.principalShare), Long.toString(one.schemeId), one.schemeVersion).entries());
        boolean first = true;
        for (var entry : byPrincipal.entrySet()) {
            book(distributorId, first ? booking : ids.next(), "SCHEME_ACCRUAL", today, entry.getKey(), new Journal(entry.getValue()));
            first = false;
        }
        return rows;
    }

    // ---- settling

    private record TaxedPart(BigDecimal rate, BigDecimal taxable) {}

    /// P-09: one credit note of the principal for some approved claims of one distributor.
    Settlements.View settle(JdbcClient db, List<Head> heads, UUID id, String treatment, @Nullable String principalNoteNumber, @Nullable LocalDate on, @Nullable String batch, String actor,
                            @Nullable String behalf) {
        var distributorId = heads.getFirst().distributorId();
        var principalId = heads.getFirst().principalId();
        var seller = seller(db, distributorId);
        var at = clock.instant().truncatedTo(java.time.temporal.ChronoUnit.MICROS);
        var today = LocalDate.ofInstant(at, seller.zone());
        var day = on == null ? today : on;
        if (day.isAfter(today) || day.isBefore(today.minusDays(31))) throw Problem.of(ProblemCode.DATE_CLOSED, "A claim is settled on a day from " + today.minusDays(31) + " to " + today + ".")
                .at("/on", ProblemCode.DATE_CLOSED, "is outside of the open days", today).exception();
        var claims = heads.stream().map(Head::id).toArray(UUID[]::new);
        boolean taxed = treatment.equals("TAX_CN");
        if (taxed && heads.stream().anyMatch(head -> !head.type().equals("CT-1")))
            throw Problem.of(ProblemCode.REFUSED, "A tax credit note quotes the lines of bills; claims of type CT-2 are settled by a financial credit note.").rule("IN-21").exception();
        for (var head : heads)
            if (head.settled().signum() != 0) oneTreatment(db, head, treatment);
        var total = BigDecimal.ZERO;
        var parts = new ArrayList<Journal.Settled>();
        var amounts = new HashMap<UUID, BigDecimal>();
        for (var head : heads) {
            var amount = java.util.Objects.requireNonNull(head.approved()).subtract(head.settled());
            amounts.put(head.id(), amount);
            total = total.add(amount);
            parts.add(new Journal.Settled(money(amount), Long.toString(head.schemeId()), head.schemeVersion()));
        }
        var tax = BigDecimal.ZERO;
        var number = number("CCN", Documents.fiscalYear(day), ClaimStore.next(db, distributorId, "SETTLEMENT", Documents.fiscalYear(day), 1));
        var taxRows = new ArrayList<Settlements.TaxPart>();
        if (taxed) {
            boolean interState = sellers.principals(db, distributorId).stream().filter(principal -> principal.id().equals(Long.toString(principalId))).noneMatch(principal -> principal.stateCode().equals(seller.stateCode()));
            var byRate = db.sql("""
                            select x.tax_rate as rate, sum(l.approved - l.settled) as taxable
                              from claims.claim_line l
                              join\s""" + BillFacts.LINES + """
                             x on x.distributor_id = l.distributor_id and x.invoice_id = l.sale_id and x.line = l.source_line and x.part = l.source_part
                             where l.distributor_id = :distributor and l.claim_id = any (:claims) group by 1 having sum(l.approved - l.settled) <> 0 order by 1""")
                    .param("distributor", distributorId).param("claims", claims).query(TaxedPart.class).list();
            for (var part : byRate) {
                var row = taxOf(part.rate, part.taxable, interState);
                taxRows.add(row);
                tax = tax.add(row.cgst()).add(row.sgst()).add(row.igst());
            }
        }
        transactions.writeOn(distributorId, connection -> {
            var post = new Pipeline();
            Documents.register(post, List.of(new Documents.Registration(distributorId, id, "CLAIM_SETTLEMENT", Fingerprint.of(List.of(treatment, List.of(claims))), day, at)));
            post.run(connection);
            return true;
        });
        db.sql("""
                insert into claims.settlement (distributor_id, id, principal_id, number, treatment, business_date, currency, amount, tax, batch, principal_note_number, posted_at, posted_by)
                values (:distributor, :id, :principal, :number, :treatment, :on, :currency, :amount, :tax, :batch, :note, :at, :by)""")
                .param("distributor", distributorId).param("id", id).param("principal", principalId).param("number", number).param("treatment", treatment).param("on", day).param("currency", seller.currency())
                .param("amount", total).param("tax", tax).param("batch", batch).param("note", principalNoteNumber).param("at", at.atOffset(ZoneOffset.UTC)).param("by", actor).update();
        for (var row : taxRows) insertTax(db, distributorId, principalId, id, row);
        book(distributorId, id, "CLAIM_SETTLEMENT", day, principalId, Journal.forClaimsSettled(parts, taxRows.stream().map(Bookkeeper::settled).toList(), 2));
        ClaimStore.spend(db, distributorId, claims, id, "SETTLED", "l.approved - l.settled", day, at);
        db.sql("update claims.claim_line set settled = approved where distributor_id = :distributor and claim_id = any (:claims) and settled <> approved").param("distributor", distributorId).param("claims", claims).update();
        for (var head : heads) {
            db.sql("insert into claims.settlement_claim (distributor_id, settlement_id, claim_id, principal_id, amount) values (:distributor, :id, :claim, :principal, :amount)").param("distributor", distributorId)
                    .param("id", id).param("claim", head.id()).param("principal", principalId).param("amount", amounts.get(head.id())).update();
            var set = new LinkedHashMap<String, @Nullable Object>();
            set.put("status", "SETTLED");
            set.put("awaits", null);
            set.put("settled", head.approved());
            set.put("settled_at", at);
            set.put("due_on", null);
            ClaimStore.set(db, distributorId, head.id(), set);
            tell(db, head, new Event("SETTLED", head.status(), "SETTLED", null, null, Map.of("settlementId", id.toString(), "settlement", number, "amount", amounts.get(head.id()).toPlainString())), at, actor, behalf);
        }
        return Settlements.find(db, RowScope.of(distributorId), id).orElseThrow();
    }

    /// The principal's debit note for what was settled wrongly.
    /// @return its number
    String debit(JdbcClient db, Head head, UUID id, BigDecimal amount, LocalDate today, Instant at, String actor) {
        var distributorId = head.distributorId();
        var number = number("CDN", Documents.fiscalYear(today), ClaimStore.next(db, distributorId, "DEBIT_NOTE", Documents.fiscalYear(today), 1));
        var taxes = taxTakenBack(db, head);
        var tax = taxes.stream().map(part -> part.cgst().add(part.sgst()).add(part.igst())).reduce(BigDecimal.ZERO, BigDecimal::add);
        db.sql("""
                insert into claims.settlement (distributor_id, id, principal_id, number, treatment, business_date, currency, amount, tax, batch, principal_note_number, posted_at, posted_by)
                values (:distributor, :id, :principal, :number, 'DEBIT_NOTE', :on, :currency, :amount, :tax, null, null, :at, :by)""").param("distributor", distributorId).param("id", id)
                .param("principal", head.principalId()).param("number", number).param("on", today).param("currency", head.currency()).param("amount", amount.negate()).param("tax", tax.negate())
                .param("at", at.atOffset(ZoneOffset.UTC)).param("by", actor).update();
        for (var part : taxes)
            insertTax(db, distributorId, head.principalId(), id, new Settlements.TaxPart(part.rate(), part.taxable().negate(), part.cgst().negate(), part.sgst().negate(), part.igst().negate()));
        db.sql("insert into claims.settlement_claim (distributor_id, settlement_id, claim_id, principal_id, amount) values (:distributor, :id, :claim, :principal, :amount)").param("distributor", distributorId)
                .param("id", id).param("claim", head.id()).param("principal", head.principalId()).param("amount", amount.negate()).update();
        book(distributorId, id, "CLAIM_SETTLEMENT", today, head.principalId(), Journal.forClaimClawedBack(money(amount), Long.toString(head.schemeId()), head.schemeVersion(), taxes.stream().map(Bookkeeper::settled).toList()));
        return number;
    }

    /// What a dispute adds is settled as the first part was: a debit note must know which tax to charge again.
    private static void oneTreatment(JdbcClient db, Head head, String wanted) {
        var before = db.sql("select s.treatment from claims.settlement_claim k join claims.settlement s on s.distributor_id = k.distributor_id and s.id = k.settlement_id where k.distributor_id = :distributor and k.claim_id = :claim order by s.posted_at limit 1")
                .param("distributor", head.distributorId()).param("claim", head.id()).query(String.class).optional().orElse(wanted);
        if (!before.equals(wanted))
            throw Problem.of(ProblemCode.REFUSED, "The first part of claim " + head.number() + " was settled by " + before + "; the rest is settled the same way.").rule("CL-25").at("/treatment", ProblemCode.REFUSED, "is not that of the first part", before).exception();
    }

    /// The tax that credit notes took back for what the claim's lines lose now (proposed below approved), by rate: what was taken for
    /// all that the notes still stand for, less what they would take for the rest, so that taking everything back leaves no paisa.
    private List<Settlements.TaxPart> taxTakenBack(JdbcClient db, Head head) {
        var lost = db.sql("""
                        select x.tax_rate as rate, sum(l.approved - l.proposed) as taxable
                          from claims.claim_line l
                          join\s""" + BillFacts.LINES + """
                         x on x.distributor_id = l.distributor_id and x.invoice_id = l.sale_id and x.line = l.source_line and x.part = l.source_part
                         where l.distributor_id = :distributor and l.claim_id = :claim group by 1 having sum(l.approved - l.proposed) <> 0 order by 1""")
                .param("distributor", head.distributorId()).param("claim", head.id()).query(TaxedPart.class).list();
        // the tax credit notes of the claim, and the debit notes that have taken of them before
        var standing = db.sql("""
                        select t.rate, sum(t.taxable) as taxable, sum(t.cgst) as cgst, sum(t.sgst) as sgst, sum(t.igst) as igst
                          from claims.settlement_tax t
                         where t.distributor_id = :distributor and t.settlement_id in (
                               select o.settlement_id from claims.settlement_claim o where o.distributor_id = :distributor and o.claim_id in (
                                      select b.claim_id from claims.settlement_claim b where b.distributor_id = :distributor and b.settlement_id in (
                                             select a.settlement_id from claims.settlement_claim a where a.distributor_id = :distributor and a.claim_id = :claim)))
                         group by 1""").param("distributor", head.distributorId()).param("claim", head.id()).query(Settlements.TaxPart.class).list();
        var back = new ArrayList<Settlements.TaxPart>();
        for (var note : standing) {
            for (var part : lost) {
                if (part.rate.compareTo(note.rate()) != 0) continue;
                var rest = taxOf(note.rate(), note.taxable().subtract(part.taxable), note.igst().signum() != 0);
                back.add(new Settlements.TaxPart(note.rate(), part.taxable, note.cgst().subtract(rest.cgst()), note.sgst().subtract(rest.sgst()), note.igst().subtract(rest.igst())));
            }
        }
        return back;
    }

    private static Settlements.TaxPart taxOf(BigDecimal rate, BigDecimal taxable, boolean interState) {
        var none = BigDecimal.ZERO.setScale(2);
        var half = interState ? none : taxable.multiply(rate).divide(BigDecimal.valueOf(2), 2, RoundingMode.HALF_UP);
        return new Settlements.TaxPart(rate, taxable, half, half, interState ? taxable.multiply(rate).setScale(2, RoundingMode.HALF_UP) : none);
    }

    private static Journal.SettledTax settled(Settlements.TaxPart part) {
        return new Journal.SettledTax(Rate.parse(part.rate().toPlainString()), money(part.cgst()), money(part.sgst()), money(part.igst()));
    }

    private static void insertTax(JdbcClient db, long distributorId, long principalId, UUID settlement, Settlements.TaxPart row) {
        db.sql("insert into claims.settlement_tax (distributor_id, settlement_id, rate, principal_id, taxable, cgst, sgst, igst) values (:distributor, :id, :rate, :principal, :taxable, :cgst, :sgst, :igst)")
                .param("distributor", distributorId).param("id", settlement).param("rate", row.rate()).param("principal", principalId).param("taxable", row.taxable()).param("cgst", row.cgst()).param("sgst", row.sgst())
                .param("igst", row.igst()).update();
    }

    // ---- lapses

    private record Open(BigDecimal difference, BigDecimal lapsing) {}

    Lapses.Lapsed lapse(JdbcClient db, String actor, UUID id, long distributorId, long schemeId, int version, String reason) {
        var before = db.sql("select id, distributor_id, scheme_id, scheme_version, amount, until, reason from claims.lapse where distributor_id = :distributor and id = :id").param("distributor", distributorId).param("id", id)
                .query(Lapses.Lapsed.class).optional();
        if (before.isPresent()) return before.get();
        ClaimStore.next(db, distributorId, "CLAIM", Documents.fiscalYear(LocalDate.now(clock)), 0);
        var at = clock.instant();
        var today = LocalDate.ofInstant(at, seller(db, distributorId).zone());
        var until = lapsedBefore(distributorId, today);
        var open = db.sql("select o.difference, o.lapsing from (" + Lapses.ACCRUALS + ") o where o.scheme_id = :scheme and o.scheme_version = :version").params(Views.scope(RowScope.of(distributorId)))
                .param("before", until).param("scheme", schemeId).param("version", version).query(Open.class).optional().orElse(null);
        if (open == null || open.lapsing.signum() <= 0)
            throw Problem.of(ProblemCode.REFUSED, "Nothing of this scheme may lapse yet: an accrual lapses when it lies unclaimed before " + until.plusDays(1) + ".").rule("CL-26").exception();
        long principal = db.sql("select v.principal_id from " + SchemeRelations.VERSIONS + " v where v.scheme_id = :scheme and v.version_no = :version").param("scheme", schemeId).param("version", version).query(Long.class).single();
        db.sql("insert into claims.lapse (distributor_id, id, principal_id, scheme_id, scheme_version, amount, until, reason, posted_at, posted_by) values (:distributor, :id, :principal, :scheme, :version, :amount, :until, :reason, :at, :by)")
                .param("distributor", distributorId).param("id", id).param("principal", principal).param("scheme", schemeId).param("version", version).param("amount", open.lapsing).param("until", until)
                .param("reason", reason).param("at", at.atOffset(ZoneOffset.UTC)).param("by", actor).update();
        book(distributorId, id, "ACCRUAL_LAPSE", today, principal, Journal.forAccrualLapsed(money(open.lapsing), Long.toString(schemeId), version));
        transactions.writeOn(distributorId, connection -> {
            var post = new Pipeline();
            AuditTrail.append(post, new AuditTrail.Entry(distributorId, at, actor, null, "LAPSED", "SCHEME_ACCRUAL", id, today, Fingerprint.json(Map.of("schemeId", schemeId, "amount", open.lapsing.toPlainString(), "reason", reason))),
                    null, new AuditTrail.Event("accrual.lapsed", id, today, "{}"));
            post.run(connection);
            return true;
        });
        return new Lapses.Lapsed(id, distributorId, schemeId, version, open.lapsing, until, reason);
    }

    /// What was accrued on this day or before and stands in no claim may lapse.
    LocalDate lapsedBefore(long distributorId, LocalDate today) {
        return today.minusDays(policies.days(PolicyKey.CLAIM_LAPSE_DAYS, distributorId, today, 90)).minusDays(policies.days(PolicyKey.CLAIM_FILING_DAYS, distributorId, today, 45)).withDayOfMonth(1).minusDays(1);
    }

    LocalDate dueAfter(long distributorId, LocalDate from, int days, LocalDate today) {
        return Workdays.after(from, days, policies.days(PolicyKey.CLAIM_WORKING_DAYS, distributorId, today, 6));
    }
}
