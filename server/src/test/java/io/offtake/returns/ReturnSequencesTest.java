package io.offtake.returns;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.Role;
import io.offtake.billing.Billing;
import io.offtake.billing.BillingRelations;
import io.offtake.billing.InvoiceView;
import io.offtake.billing.PostInvoice;
import io.offtake.billing.PostInvoiceOutcome;
import io.offtake.platform.Actor;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.rules.DecideCommand.PaymentMode;
import io.offtake.rules.DecideCommand.SaleType;
import io.offtake.testing.Fixture;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/// Random sequences of sale, return, part-return, rejection and cancelling: the trial balance is zero after every document, what is taken back never passes what was given, everything
/// back leaves no paisa and no piece behind, and a second run changes nothing.
@ServerTest
class ReturnSequencesTest {
    private static final int SEQUENCES = Integer.getInteger("returns.sequences", 8);
    private static final Actor CLERK = new Actor(1, "clerk");
    private static final Actor OWNER = new Actor(2, "owner");
    @Autowired Billing billing;
    @Autowired Returns returns;
    @Autowired TenantTransaction transactions;
    @Autowired Clock clock;
    private Fixture network;
    private Fixture.Distributor d1;
    private final List<Runnable> done = new ArrayList<>();

    @Test
    @Tag("RET-03") @Tag("SCH-12") @Tag("CMP-01") @Tag("STK-02")
    void anySequenceBalancesAndEverythingBackLeavesNothingBehind() {
        network = new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata"))));
        d1 = network.distributor("D1");
        for (var sku : List.of("S1", "S2", "S3", "S4")) {
            network.batch(d1, sku, "A", "400.00", network.today().plusDays(200), 700);
            network.batch(d1, sku, "B", "400.00", network.today().plusDays(300), 9000);
        }
        scheme("SLAB", "S1", "LINE", "\"type\":\"WHOLE_SLAB\",\"basis\":\"BASE_QTY\",\"slabs\":[{\"from\":\"12\",\"reward\":{\"percent\":\"0.0213\"}},{\"from\":\"36\",\"reward\":{\"percent\":\"0.0477\"}}]", "0.7", "");
        scheme("TENONE", "S2", "FREE_GOODS", "\"type\":\"FREE_GOODS\",\"buy\":\"10\",\"get\":\"1\",\"repeat\":true,\"inside\":false,\"tax\":\"ZERO_PRICED\",\"ifShort\":\"REFUSE\"", "1", "");
        scheme("FIVE", "S3", "LINE", "\"type\":\"DISCOUNT\",\"reward\":{\"percent\":\"0.0533\"}", "1", ",\"limits\":{\"perOutlet\":{\"amount\":\"90000.00\",\"period\":\"MONTH\"}}");
        scheme("VALUE", "S4", "BILL", "\"type\":\"WHOLE_SLAB\",\"basis\":\"NET_VALUE\",\"slabs\":[{\"from\":\"400.00\",\"reward\":{\"fixed\":\"31.00\"}}]", "0.5", "");
        network.scheme("QPS", "M8", """
                "stage":"ACCRUAL","mechanic":{"type":"QPS","basis":"NET_VALUE","period":"MONTH","method":"WHOLE","slabs":[{"from":"1000.00","reward":{"percent":"0.01"}},
                {"from":"2500.00","reward":{"percent":"0.02"}}]},"products":{},"eligibility":{},"priority":10,"principalShare":"1",
                "claimable":true,"claimRate":"PTS","settlement":"CREDIT_NOTE\"""", network.today().minusDays(40), network.today().plusDays(40));
        for (int seed = 1; seed <= SEQUENCES; seed++) sequence(new Random(seed), seed);

        var before = count();
        done.forEach(Runnable::run);
        assertThat(count()).as("a second run changes nothing").isEqualTo(before);
    }

    private void scheme(String code, String sku, String stage, String mechanic, String principalShare, String more) {
        network.scheme(code, "M1", "\"stage\":\"" + stage + "\",\"mechanic\":{" + mechanic + "},\"products\":{\"skuIds\":[\"" + network.skus.get(sku) + "\"]},\"eligibility\":{},\"stacking\":\"CASCADE\",\"priority\":10,"
                + "\"principalShare\":\"" + principalShare + "\",\"claimable\":true,\"claimRate\":\"PTS\"" + more, network.today().minusDays(10), network.today().plusDays(10));
    }

    private Map<String, BigDecimal> count() {
        return transactions.read(RowScope.of(d1.id()), db -> {
            var found = new TreeMap<String, BigDecimal>();
            for (var table : List.of("receivables.journal_entry", "stock.entry", "billing.invoice", "billing.benefit_reversal", "returns.return_event", "platform.outbox"))
                found.put(table, db.sql("select count(*) from " + table + " where distributor_id = ?").param(d1.id()).query(BigDecimal.class).single());
            return found;
        });
    }

    private void sequence(Random random, int seed) {
        var bill = sale(random, seed);
        // what a return takes back is compared with this bill alone
        boolean all = random.nextInt(4) > 0;
        var notes = new ArrayList<UUID>();
        int most = 1 + random.nextInt(3);
        for (int at = 0; at <= most; at++) {
            var lines = new ArrayList<RequestReturn.Line>();
            for (var line : returns.creditable(RowScope.of(d1.id()), bill.id()).orElseThrow().lines()) {
                if (line.left().signum() == 0) continue;
                boolean rest = all && at == most;
                var qty = rest ? line.left() : BigDecimal.valueOf(random.nextInt(line.left().intValueExact() + 1));
                // free goods that stay while they are not earned are charged, and are the outlet's from then on: where everything is to come back, they come first
                if (line.free()) qty = all ? line.left() : BigDecimal.ZERO;
                if (qty.signum() > 0) lines.add(new RequestReturn.Line(lines.size() + 1, line.line(), line.part(), null, qty, null, null));
            }
            if (lines.isEmpty()) continue;
            var note = oneReturn(bill, lines, random);
            if (note != null) notes.add(note);
            checks(bill);
        }
        if (all) nothingIsLeft(bill, notes);
        if (!notes.isEmpty()) assertThat(billing.cancel(d1.id(), bill.id(), UUID.randomUUID(), "too late", OWNER)).isInstanceOf(Billing.CancelOutcome.TooLate.class);
        if (seed % 3 == 0) {
            var other = sale(random, seed);
            var id = UUID.randomUUID();
            assertThat(billing.cancel(d1.id(), other.id(), id, "wrong outlet", OWNER)).isInstanceOf(Billing.CancelOutcome.Cancelled.class);
            done.add(() -> assertThat(billing.cancel(d1.id(), other.id(), id, "wrong outlet", OWNER)).isInstanceOf(Billing.CancelOutcome.AlreadyCancelled.class));
            nothingIsLeft(other, List.of(id));
        }
    }

    private InvoiceView sale(Random random, int seed) {
        var lines = new ArrayList<PostInvoice.Line>();
        var skus = new ArrayList<>(List.of("S1", "S2", "S3", "S4"));
        java.util.Collections.shuffle(skus, random);
        for (var sku : skus.subList(0, 2 + random.nextInt(3)))
            lines.add(new PostInvoice.Line(lines.size() + 1, network.skus.get(sku), BigDecimal.valueOf(5 + random.nextInt(60)), null, null, null, null, null));
        var outlet = seed % 2 == 0 ? d1.o1() : d1.o3();   // in the State and across it
        var command = new PostInvoice(UUID.randomUUID(), d1.id(), network.principal, outlet, d1.warehouse(), network.today(), SaleType.COUNTER, PaymentMode.CREDIT, null, null, lines, null);
        var outcome = billing.post(command, CLERK);
        assertThat(outcome).isInstanceOf(PostInvoiceOutcome.Posted.class);
        return ((PostInvoiceOutcome.Posted) outcome).invoice();
    }

    private UUID oneReturn(InvoiceView bill, List<RequestReturn.Line> lines, Random random) {
        var command = new RequestReturn(UUID.randomUUID(), d1.id(), network.principal, bill.outlet().id(), d1.warehouse(), network.today(), bill.id(), "EXCESS", null, lines, List.of());
        var steps = new UUID[] {UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID()};
        boolean approved = random.nextInt(6) > 0;
        var view = view(returns.request(command, CLERK));
        done.add(() -> assertThat(returns.request(command, CLERK)).isInstanceOf(Returns.Outcome.Already.class));
        view(returns.decide(d1.id(), view.id(), steps[0], approved, approved ? null : "no", OWNER, Set.of(Role.RSM)));
        if (!approved) return view(returns.request(new RequestReturn(UUID.randomUUID(), d1.id(), network.principal, bill.outlet().id(), d1.warehouse(), network.today(), bill.id(), "EXCESS", null, lines, List.of()), CLERK)) == null
                ? null : finish(bill, random);
        return steps(view, steps, random);
    }

    /// The last return that was asked for, taken through.
    private UUID finish(InvoiceView bill, Random random) {
        var id = transactions.<UUID>read(RowScope.of(d1.id()), db -> db.sql("select id from returns.sales_return where distributor_id = ? and original_id = ? and status = 'REQUESTED'")
                .params(d1.id(), bill.id()).query(UUID.class).single());
        var steps = new UUID[] {UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID()};
        view(returns.decide(d1.id(), id, steps[0], true, null, OWNER, Set.of(Role.RSM)));
        return steps(returns.find(RowScope.of(d1.id()), id).orElseThrow(), steps, random);
    }

    private UUID steps(ReturnView view, UUID[] steps, Random random) {
        view(returns.receive(d1.id(), view.id(), steps[1], List.of(), OWNER));
        var inspected = view.lines().stream().map(line -> {
            var some = BigDecimal.valueOf(random.nextInt(line.qty().intValueExact() + 1));
            return new Returns.Inspected(line.line(), List.of(new ReturnView.Bucket("SALEABLE", some), new ReturnView.Bucket(random.nextBoolean() ? "DAMAGED" : "QUARANTINE", line.qty().subtract(some))));
        }).toList();
        view(returns.inspect(d1.id(), view.id(), steps[2], inspected, OWNER));
        view(returns.credit(d1.id(), view.id(), steps[3], network.today(), CLERK));
        done.add(() -> {
            assertThat(returns.receive(d1.id(), view.id(), steps[1], List.of(), OWNER)).isInstanceOf(Returns.Outcome.Already.class);
            assertThat(returns.inspect(d1.id(), view.id(), steps[2], inspected, OWNER)).isInstanceOf(Returns.Outcome.Already.class);
            assertThat(returns.credit(d1.id(), view.id(), steps[3], network.today(), CLERK)).isInstanceOf(Returns.Outcome.Already.class);
        });
        return steps[3];
    }

    private static ReturnView view(Returns.Outcome outcome) {
        assertThat(outcome).isInstanceOf(Returns.Outcome.Done.class);
        return ((Returns.Outcome.Done) outcome).view();
    }

    /// Every document balances in both parties' books, and no benefit row gives back more than it gave.
    private void checks(InvoiceView bill) {
        transactions.read(RowScope.of(d1.id()), db -> {
            assertThat(db.sql("select document_id from receivables.journal_entry where distributor_id = ? group by document_id, left(account, 1) = 'P' having sum(amount) <> 0").param(d1.id()).query(UUID.class).list()).isEmpty();
            assertThat(db.sql("select b.line from " + BillingRelations.BENEFITS + " b left join (select distributor_id, invoice_id, line, part, scheme_id, sum(amount) as amount, sum(free_qty) as qty, sum(claim_value) as claim from "
                    + BillingRelations.REVERSED + " r group by 1, 2, 3, 4, 5) r on r.distributor_id = b.distributor_id and r.invoice_id = b.invoice_id and r.line = b.line and r.part = b.part and r.scheme_id = b.scheme_id "
                    + "where b.distributor_id = ? and b.invoice_id = ? and (coalesce(r.amount, 0) > b.amount or coalesce(r.qty, 0) > b.free_qty or coalesce(r.claim, 0) > b.claim_value or coalesce(r.amount, 0) < 0)")
                    .params(d1.id(), bill.id()).query(Integer.class).list()).isEmpty();
            return null;
        });
    }

    /// The bill and everything that took it back add up to zero: money by account, tax head and scheme, receivable, benefits, accruals and limits.
    private void nothingIsLeft(InvoiceView bill, List<UUID> notes) {
        var documents = new ArrayList<>(notes);
        documents.add(bill.id());
        transactions.read(RowScope.of(d1.id()), db -> {
            var left = db.sql("""
                    select coalesce(nullif(replace(replace(replace(account, '4010', '4000'), '1320', '1300'), '2220', '4090'), ''), '') || ' ' || coalesce(tax_head, '') || ' ' || coalesce(scheme_id::text, '') as what, sum(amount)
                      from receivables.journal_entry where distributor_id = :d and document_id = any (:documents) group by 1 having sum(amount) <> 0""")
                    .param("d", d1.id()).param("documents", documents.toArray(UUID[]::new)).query((row, _) -> row.getString(1) + ": " + row.getBigDecimal(2)).list();
            assertThat(left).as("bill " + bill.number()).isEmpty();
            assertThat(db.sql("select coalesce(sum(counted), 0) from schemes.accrual_entry where distributor_id = :d and document_id = any (:documents)").param("d", d1.id())
                    .param("documents", documents.toArray(UUID[]::new)).query(BigDecimal.class).single()).isEqualByComparingTo("0");
            assertThat(db.sql("select coalesce(sum(used), 0) from schemes.limit_movement where distributor_id = :d and document_id = any (:documents)").param("d", d1.id())
                    .param("documents", documents.toArray(UUID[]::new)).query(BigDecimal.class).single()).isEqualByComparingTo("0");
            var given = db.sql("select coalesce(sum(claim_value), 0) from " + BillingRelations.BENEFITS + " b where distributor_id = ? and invoice_id = ?").params(d1.id(), bill.id()).query(BigDecimal.class).single();
            var back = db.sql("select coalesce(sum(claim_value), 0) from " + BillingRelations.REVERSED + " b where distributor_id = ? and invoice_id = ?").params(d1.id(), bill.id()).query(BigDecimal.class).single();
            assertThat(back).isEqualByComparingTo(given);
            return null;
        });
    }
}
