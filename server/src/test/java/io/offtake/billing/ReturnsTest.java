package io.offtake.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.platform.Actor;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.rules.DecideCommand.PaymentMode;
import io.offtake.rules.DecideCommand.SaleType;
import io.offtake.tax.DocumentKind;
import io.offtake.tax.app.Returns;
import io.offtake.tax.app.TaxFacts;
import io.offtake.tax.india.Gstr1Sheets;
import io.offtake.tax.india.Section;
import io.offtake.testing.Fixture;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/// GSTR-1 and GSTR-3B of a month of every kind of document, tied to the ledger (IN-50).
@ServerTest
@Tag("CMP-01") @Tag("LOC-01")
class ReturnsTest {
    private static final Actor CLERK = new Actor(1, "clerk");
    @Autowired Billing billing;
    @Autowired CreditNotes creditNotes;
    @Autowired Notes notes;
    @Autowired Returns returns;
    @Autowired TaxFacts facts;
    @Autowired TenantTransaction transactions;
    @Autowired Clock clock;
    private Fixture network;
    private Fixture.Distributor d1;

    @BeforeEach
    void network() {
        network = new Fixture(transactions, java.time.LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata"))));
        d1 = network.distributor("D1");
        for (var sku : List.of("S1", "S3", "S5")) network.batch(d1, sku, "A1", sku.equals("S3") ? "115.00" : "45.00", network.today().plusDays(300), 100_000);
    }

    private InvoiceView sell(UUID outlet, List<String> skus, int qty) {
        var lines = new ArrayList<PostInvoice.Line>();
        for (var sku : skus) lines.add(new PostInvoice.Line(lines.size() + 1, network.skus.get(sku), BigDecimal.valueOf(qty), null, null, null, null, null));
        var outcome = billing.post(new PostInvoice(UUID.randomUUID(), d1.id(), network.principal, outlet, d1.warehouse(), network.today(), SaleType.DELIVERY, PaymentMode.CREDIT, null, null, lines, null), CLERK);
        assertThat(outcome).isInstanceOf(PostInvoiceOutcome.Posted.class);
        return ((PostInvoiceOutcome.Posted) outcome).invoice();
    }

    private InvoiceView credited(InvoiceView original, UUID outlet, String sku, int qty, String price) {
        var outcome = creditNotes.post(new PostCreditNote(UUID.randomUUID(), d1.id(), network.principal, outlet, d1.warehouse(), network.today(), original.id(), "came back", null,
                List.of(new PostCreditNote.Line(1, network.skus.get(sku), BigDecimal.valueOf(qty), new BigDecimal(price), null))), CLERK);
        assertThat(outcome).isInstanceOf(PostCreditNoteOutcome.Posted.class);
        return ((PostCreditNoteOutcome.Posted) outcome).creditNote();
    }

    private Returns.Month month() {
        return returns.month(RowScope.of(d1.id()), d1.id(), YearMonth.from(network.today()), "27PQRST5678K1Z2", "27");
    }

    @Test
    void everyDocumentStandsInItsTableAndTheBooksSayTheSame() throws IOException {
        transactions.write(d1.id(), db -> db.sql("update receivables.outlet_account set credit_limit = 100000000 where distributor_id = ?").param(d1.id()).update());
        // O2 is a consumer; O4 a consumer in another State
        var o4 = UUID.randomUUID();
        transactions.shared(db -> db.sql("insert into network.outlet_registry (platform_outlet_id, registered_at) values (?, now())").param(o4).update());
        transactions.write(d1.id(), db -> {
            db.sql("""
                    insert into network.outlet (distributor_id, id, platform_outlet_id, code, name, channel, outlet_class, registration, state_code, created_at, changed_at)
                    values (?, ?, ?, 'O4', 'Outlet O4', 'GROCER', 'A', 'UNREGISTERED', '29', now(), now())""").params(d1.id(), o4, o4).update();
            return db.sql("insert into receivables.outlet_account (distributor_id, principal_id, outlet_id, credit_limit, credit_days) values (?, ?, ?, 100000000, 14)").params(d1.id(), network.principal, o4).update();
        });
        var near = sell(d1.o1(), List.of("S1", "S3"), 10);
        sell(d1.o3(), List.of("S1"), 7);
        var consumer = sell(d1.o2(), List.of("S1"), 5);
        var large = sell(o4, List.of("S3"), 2000);
        sell(o4, List.of("S1"), 3);
        credited(near, d1.o1(), "S1", 2, "34.63");
        credited(consumer, d1.o2(), "S1", 1, "34.63");
        credited(large, o4, "S3", 10, "84.00");
        assertThat(notes.debit(new PostNote(UUID.randomUUID(), d1.id(), network.principal, network.today(), near.id(), "rate", null, List.of(new PostNote.Line(1, network.skus.get("S3"), BigDecimal.TEN, BigDecimal.ONE))), CLERK))
                .isInstanceOf(PostCreditNoteOutcome.Posted.class);
        assertThat(notes.financial(new PostNote(UUID.randomUUID(), d1.id(), network.principal, network.today(), near.id(), "later discount", null, List.of(new PostNote.Line(1, network.skus.get("S1"), BigDecimal.TEN, BigDecimal.ONE))), CLERK))
                .isInstanceOf(PostCreditNoteOutcome.Posted.class);
        var gone = sell(d1.o1(), List.of("S1"), 4);
        assertThat(billing.cancel(d1.id(), gone.id(), UUID.randomUUID(), "wrong shop", new Actor(2, "owner"))).isInstanceOf(Billing.CancelOutcome.Cancelled.class);

        var found = month();
        var sections = found.gstr1().tables().stream().map(table -> table.table() + " " + table.section() + " " + table.documents()).toList();
        assertThat(sections).containsExactly("4A B2B 2", "5 B2CL 1", "7 B2CS 2", "9B CDNR 2", "9B CDNUR 1");
        assertThat(found.gstr1().entries()).noneMatch(entry -> entry.row().number().equals(gone.number()));
        // notes count against sales, the debit note for them
        assertThat(found.gstr1().entries().stream().filter(entry -> entry.section() == Section.CDNR).map(entry -> entry.row().kind() + entry.sign())).containsExactlyInAnyOrder("CREDIT_NOTE-1", "DEBIT_NOTE1");
        assertThat(found.check().equal()).as(found.check().toString()).isTrue();
        assertThat(found.check().difference()).isEqualTo(new Returns.Tax(new BigDecimal("0.00"), new BigDecimal("0.00"), new BigDecimal("0.00"), new BigDecimal("0.00")));
        assertThat(found.gstr1().total().igst()).isEqualByComparingTo(found.check().inBooks().igst());
        assertThat(found.gstr3b().taxable().taxable()).isEqualByComparingTo(found.gstr1().total().taxable());
        assertThat(found.gstr3b().toConsumers()).singleElement().satisfies(place -> assertThat(place.place()).isEqualTo("29"));
        // table 12 says the same as all tables together, split by buyer
        var goods = found.gstr1().goods();
        assertThat(goods.stream().map(one -> one.taxable()).reduce(BigDecimal.ZERO, BigDecimal::add)).isEqualByComparingTo(found.gstr1().total().taxable());
        assertThat(goods.stream().map(one -> one.registered()).distinct()).containsExactlyInAnyOrder(true, false);
        // table 13: one run of invoices, one of them cancelled; notes of their own
        assertThat(found.gstr1().issued()).anySatisfy(run -> {
            assertThat(run.nature()).isEqualTo(1);
            assertThat(run.total()).isEqualTo(6);
            assertThat(run.cancelled()).isEqualTo(1);
        }).anySatisfy(run -> assertThat(run.nature()).isEqualTo(5)).anySatisfy(run -> assertThat(run.nature()).isEqualTo(4));
        assertThat(found.gstr1().issued()).noneMatch(run -> run.from().startsWith("DF"));

        var file = found.gstr1().file();
        assertThat(file.path("b2b")).hasSize(2);
        assertThat(file.at("/cdnr/0/nt")).hasSize(2);
        assertThat(file.at("/cdnur/0/typ").asString()).isEqualTo("B2CL");
        assertThat(file.at("/b2cl/0/pos").asString()).isEqualTo("29");
        assertThat(file.at("/hsn/hsn_b2b").isEmpty()).isFalse();
        try (var book = new ReadableWorkbook(new ByteArrayInputStream(Gstr1Sheets.of(found.gstr1())))) {
            assertThat(book.getSheets().map(sheet -> sheet.getName())).contains("b2b", "b2cl", "b2cs", "cdnr", "cdnur", "exemp", "hsn(b2b)", "hsn(b2c)", "docs");
        }
    }

    @Test
    @Tag("BIL-02") @Tag("BIL-04")
    void exemptGoodsStandInTableEightUnderTheRightTitle() {
        transactions.shared(db -> db.sql("update tax.tax_rate set kind = 'NIL' where hsn_prefix = '9619' and rate = 0").update());
        network.scheme("NONE", "M1", "\"stage\":\"LINE\",\"mechanic\":{\"type\":\"DISCOUNT\",\"reward\":{\"percent\":\"0.01\"}},\"products\":{\"skuIds\":[\"" + network.skus.get("S3") + "\"]},\"eligibility\":{\"channels\":[\"NONE\"]},\"stacking\":\"CASCADE\",\"priority\":1,\"principalShare\":\"1\",\"claimable\":true,\"claimRate\":\"PTS\"",
                network.today(), network.today());
        var bill = sell(d1.o2(), List.of("S5"), 4);
        assertThat(bill.paper().title()).isEqualTo(DocumentKind.BILL_OF_SUPPLY);
        var mixed = sell(d1.o2(), List.of("S5", "S1"), 4);
        assertThat(mixed.paper().title()).isEqualTo(DocumentKind.INVOICE_CUM_BILL_OF_SUPPLY);
        assertThat(sell(d1.o1(), List.of("S5", "S1"), 4).paper().title()).isEqualTo(DocumentKind.TAX_INVOICE);
        var found = month();
        assertThat(found.gstr1().untaxed()).extracting(one -> one.supplyType()).containsExactly("INTRAB2B", "INTRAB2C");
        assertThat(found.gstr1().untaxed().getLast().nil()).isEqualByComparingTo("320.00");
        assertThat(found.check().equal()).isTrue();
        assertThat(found.gstr3b().untaxed()).isEqualByComparingTo("480.00");
    }

    @Test
    @Tag("CMP-02") @Tag("CMP-03")
    void factsOfADocumentSayWhatTheLawWants() {
        var bill = sell(d1.o3(), List.of("S3"), 600);
        var found = facts.of(RowScope.of(d1.id()), bill.id()).orElseThrow();
        assertThat(found.customer()).isEqualTo("B2B");
        assertThat(found.eInvoiceDue()).as("no turnover is known").isFalse();
        assertThat(found.eWayBill().needed()).as("inter-State above 50,000").isTrue();
        assertThat(found.noteLastDay()).isEqualTo(java.time.LocalDate.of(io.offtake.tax.india.FiscalYears.of(network.today()) + 1, 11, 30));
        transactions.write(d1.id(), db -> db.sql("insert into tax.fiscal_year (distributor_id, year, turnover, recorded_at, recorded_by) values (?, 2024, 6000000000, now(), 'test')").param(d1.id()).update());
        assertThat(facts.of(RowScope.of(d1.id()), bill.id()).orElseThrow().eInvoiceDue()).isTrue();
        // IN-36: above 500 crore a consumer bill carries a payable code
        var consumer = sell(d1.o2(), List.of("S1"), 5);
        assertThat(facts.of(RowScope.of(d1.id()), consumer.id()).orElseThrow().dynamicQr()).startsWith("upi://pay?").contains("gstIn=27PQRST5678K1Z2");
        assertThat(facts.choose(RowScope.of(d1.id()), bill.id(), new TaxFacts.LaterDiscount(null, true, false, network.today())).orElseThrow().note().name()).isEqualTo("FINANCIAL_CREDIT_NOTE");
        assertThat(facts.of(RowScope.of(-1), bill.id())).isEmpty();
    }
}
