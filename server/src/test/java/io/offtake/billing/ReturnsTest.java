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
import io.offtake.tax.india.Gstr1;
import io.offtake.tax.india.Gstr1Sheets;
import io.offtake.tax.india.Inv01;
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
    private static final Gstr1.Heads NOTHING = new Gstr1.Heads(new BigDecimal("0.00"), new BigDecimal("0.00"), new BigDecimal("0.00"), new BigDecimal("0.00"), new BigDecimal("0.00"));
    private static final Actor CLERK = new Actor(1, "clerk");
    @Autowired Billing billing;
    @Autowired CreditNotes creditNotes;
    @Autowired Notes notes;
    @Autowired Returns returns;
    @Autowired TaxFacts facts;
    @Autowired TenantTransaction transactions;
    @Autowired Clock clock;
    @Autowired io.offtake.platform.testing.TestDatabase database;
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
        return month(YearMonth.from(network.today())).month();
    }

    private Returns.Shown month(YearMonth month) {
        return returns.shown(RowScope.of(d1.id()), d1.id(), month, "27PQRST5678K1Z2", "27");
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
        var sections = found.gstr1().tables().stream().filter(table -> table.state().equals("FILLED") && !table.table().startsWith("1")).map(table -> table.table() + " " + table.section() + " " + table.documents()).toList();
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

        // every table of the form is there, and those that can hold nothing say why
        assertThat(found.gstr1().tables().stream().map(table -> table.table()).distinct()).containsExactly("4A", "4B", "5", "6A", "6B", "6C", "7", "8", "9A", "9B", "9C", "10", "11A", "11B", "12", "13", "14", "15");
        assertThat(found.gstr1().tables()).allSatisfy(table -> assertThat(table.reason() == null).isEqualTo(!table.state().equals("NOT_APPLICABLE")));
        assertThat(found.gstr1().tables().stream().filter(table -> table.section().equals("HSN_B2B") || table.section().equals("HSN_B2C")).map(table -> table.heads().taxable()).reduce(BigDecimal.ZERO, BigDecimal::add))
                .isEqualByComparingTo(found.gstr1().total().taxable());
        assertThat(found.gstr1().goodsDifference()).isEqualTo(NOTHING);

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

    /// A month that was filed stays as it was filed; what happens to its documents later is stated by the next one, and over both
    /// months the returns say what the books say (IN-50).
    @Test
    void aFiledMonthIsNeverChangedAndTheNextOneCorrectsIt() throws IOException {
        transactions.write(d1.id(), db -> db.sql("update receivables.outlet_account set credit_limit = 100000000 where distributor_id = ?").param(d1.id()).update());
        var past = YearMonth.from(network.today()).minusMonths(1);
        var gone = sell(d1.o1(), List.of("S1", "S3"), 10);
        var kept = sell(d1.o1(), List.of("S1"), 6);
        var goneConsumer = sell(d1.o2(), List.of("S1"), 5);
        sell(d1.o2(), List.of("S1"), 8);
        var note = credited(kept, d1.o1(), "S1", 2, "34.63");
        back(past);
        var before = month(past);
        assertThat(before.filed()).isNull();
        assertThat(before.month().check().equal()).as(before.month().check().toString()).isTrue();
        assertThat(file(past.plusMonths(1), "AA270000000009X", network.today())).isInstanceOf(Returns.FileOutcome.DateClosed.class);
        assertThat(file(past, "AA271026000001X", past.plusMonths(1).atDay(1))).isInstanceOfSatisfying(Returns.FileOutcome.Done.class, done -> assertThat(done.replayed()).isFalse());
        assertThat(file(past, "AA271026000001X", past.plusMonths(1).atDay(1))).isInstanceOfSatisfying(Returns.FileOutcome.Done.class, done -> assertThat(done.replayed()).isTrue());
        assertThat(file(past, "AA271026000002X", past.plusMonths(1).atDay(1))).isInstanceOf(Returns.FileOutcome.FiledAlready.class);
        assertThat(file(past.minusMonths(1), "AA271026000003X", past.plusMonths(1).atDay(1))).isInstanceOf(Returns.FileOutcome.OutOfOrder.class);
        var asFiled = Inv01.JSON.writeValueAsString(before.month().gstr1().file());
        assertThat(returns.file(RowScope.of(d1.id()), d1.id(), past)).contains(asFiled);
        assertThat(month(past).later()).isEmpty();

        // a shop's bill and a consumer's are cancelled, and a device brings one more of each
        for (var one : List.of(gone, goneConsumer)) cancel(one, past);
        var late = sell(d1.o3(), List.of("S1"), 7);
        var lateConsumer = sell(d1.o2(), List.of("S1"), 3);
        back(past);
        var own = sell(d1.o1(), List.of("S1"), 2);

        var filed = month(past);
        assertThat(filed.filed()).isNotNull();
        assertThat(Inv01.JSON.writeValueAsString(filed.month().gstr1().file())).isEqualTo(asFiled);
        assertThat(filed.later().stream().map(one -> one.number() + one.cancelled())).containsExactlyInAnyOrder(gone.number() + true, goneConsumer.number() + true, late.number() + false, lateConsumer.number() + false);

        var next = month(YearMonth.from(network.today())).month();
        var gstr1 = next.gstr1();
        assertThat(gstr1.entries().stream().map(entry -> entry.section() + " " + entry.row().number())).containsExactlyInAnyOrder("B2B " + own.number(), "B2B " + late.number());
        assertThat(gstr1.amended()).allSatisfy(one -> assertThat(one.section() + " " + one.row().number()).isEqualTo("B2BA " + gone.number()));
        assertThat(gstr1.consumersAmended()).singleElement().satisfies(one -> {
            assertThat(one.month()).isEqualTo(past);
            assertThat(one.original().taxable()).isEqualByComparingTo(before.month().gstr1().consumers().getFirst().heads().taxable());
            assertThat(one.revised().taxable().subtract(one.original().taxable())).isEqualByComparingTo(lateConsumer.totals().taxable().subtract(goneConsumer.totals().taxable()));
        });
        assertThat(gstr1.tables().stream().filter(table -> table.state().equals("FILLED")).map(table -> table.section())).contains("B2BA", "B2CSA");
        assertThat(next.check().equal()).as(next.check().toString()).isTrue();
        assertThat(gstr1.goodsDifference()).isEqualTo(NOTHING);
        assertThat(next.gstr3b().taxable()).isEqualTo(gstr1.total());
        // both returns together are the ledger of both months
        var ledger = transactions.write(d1.id(), db -> db.sql("select -sum(amount) from receivables.journal_entry where distributor_id = ? and account = '2200' and tax_head is not null").param(d1.id()).query(BigDecimal.class).single());
        assertThat(taxOf(before.month().gstr1().total()).add(taxOf(gstr1.total()))).isEqualByComparingTo(ledger);
        var json = gstr1.file();
        assertThat(json.at("/b2ba/0/inv/0/oinum").asString()).isEqualTo(gone.number());
        assertThat(json.at("/b2ba/0/inv/0/itms/0/itm_det/txval").decimalValue()).isEqualByComparingTo("0");
        assertThat(json.at("/b2csa/0/omon").asString()).isEqualTo(past.format(java.time.format.DateTimeFormatter.ofPattern("MMuuuu")));
        try (var book = new ReadableWorkbook(new ByteArrayInputStream(Gstr1Sheets.of(gstr1)))) {
            assertThat(book.getSheets().map(sheet -> sheet.getName())).contains("b2ba", "b2cla", "b2csa", "cdnra", "cdnura", "tables");
        }

        // the note's own month was filed with it, so cancelling it would go to table 9C
        cancel(note, past);
        assertThat(month(YearMonth.from(network.today())).month().gstr1().amended().stream().map(one -> one.section().name() + one.sign()).distinct()).containsExactlyInAnyOrder("B2BA1", "CDNRA-1");
        assertThat(month(YearMonth.from(network.today())).month().gstr1().file().at("/cdnra/0/nt/0/ont_num").asString()).isEqualTo(note.number());
    }

    private Returns.FileOutcome file(YearMonth month, String arn, java.time.LocalDate on) {
        return returns.file(RowScope.of(d1.id()), d1.id(), month, "27PQRST5678K1Z2", "27", arn, on, CLERK);
    }

    /// Moves all of this month's documents into the month before, as if they had been posted then.
    private void back(YearMonth past) {
        var on = past.atDay(20);
        for (var table : List.of("billing.invoice", "billing.invoice_line", "receivables.journal_entry", "platform.document_register"))
            database.asSuperuser("update " + table + " set business_date = '" + on + "' where distributor_id = " + d1.id() + " and business_date = '" + network.today() + "'");
    }

    /// Cancels a document of the past on its own day, told only now.
    private void cancel(InvoiceView document, YearMonth past) {
        transactions.write(d1.id(), db -> {
            var id = UUID.randomUUID();
            db.sql("insert into billing.invoice_cancellation (distributor_id, invoice_id, id, principal_id, business_date, reason, recorded_at, recorded_by) values (?, ?, ?, ?, ?, 'never left', ?, 'owner')")
                    .params(d1.id(), document.id(), id, network.principal, past.atDay(20), clock.instant().atOffset(java.time.ZoneOffset.UTC)).update();
            return null;
        });
        database.asSuperuser("delete from receivables.journal_entry where distributor_id = " + d1.id() + " and document_id = '" + document.id() + "'");
    }

    private static BigDecimal taxOf(Gstr1.Heads heads) {
        return heads.igst().add(heads.cgst()).add(heads.sgst()).add(heads.cess());
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
