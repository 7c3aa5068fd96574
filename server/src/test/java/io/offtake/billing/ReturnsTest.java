package io.offtake.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.platform.Actor;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.rules.DecideCommand.PaymentMode;
import io.offtake.rules.DecideCommand.SaleType;
import io.offtake.tax.DocumentKind;
import io.offtake.tax.PostedDocuments;
import io.offtake.tax.app.ExportShipments;
import io.offtake.tax.app.Ims;
import io.offtake.tax.app.Returns;
import io.offtake.tax.app.TaxFacts;
import io.offtake.tax.india.ExportDetails;
import io.offtake.tax.india.Gstr1;
import io.offtake.tax.india.Gstr1Sheets;
import io.offtake.tax.india.Inv01;
import io.offtake.tax.india.Inv01Check;
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
    @Autowired Ims ims;
    @Autowired ExportShipments exports;
    @Autowired PostedDocuments documents;
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

    private UUID outlet(String code, String gstin, String registration, String state) {
        var id = UUID.randomUUID();
        transactions.shared(db -> db.sql("insert into network.outlet_registry (platform_outlet_id, registered_at) values (?, now())").param(id).update());
        transactions.write(d1.id(), db -> {
            db.sql("""
                    insert into network.outlet (distributor_id, id, platform_outlet_id, code, name, channel, outlet_class, gstin, registration, state_code, address, city, pin, created_at, changed_at)
                    values (?, ?, ?, ?, ?, 'GROCER', 'A', ?, ?, ?, '9 Zone Road', 'Pune', '411057', now(), now())""").params(d1.id(), id, id, code, "Outlet " + code, gstin, registration, state).update();
            return db.sql("insert into receivables.outlet_account (distributor_id, principal_id, outlet_id, credit_limit, credit_days) values (?, ?, ?, 100000000, 14)").params(d1.id(), network.principal, id).update();
        });
        return id;
    }

    /// IN-04, IN-50: to a zone and abroad with tax, then under a letter of undertaking without; and a deemed export.
    @Test
    @Tag("CMP-02") @Tag("BIL-04") @Tag("BIL-08")
    void zeroRatedSuppliesStandInTableSixWithAndWithoutPayment() throws IOException {
        var sez = outlet("SEZ", "27ABCDE1234F1Z0", "SEZ", "27");
        var abroad = outlet("ABROAD", null, "EXPORT", "96");
        var deemed = outlet("EOU", "27ABCDE1234F1Z0", "DEEMED_EXPORT", "27");
        transactions.write(d1.id(), db -> db.sql("insert into tax.fiscal_year (distributor_id, year, turnover, recorded_at, recorded_by) values (?, 2024, 6000000000, now(), 'test')").param(d1.id()).update());
        var sezPaid = sell(sez, List.of("S1"), 72);
        var abroadPaid = sell(abroad, List.of("S1"), 72);
        sell(deemed, List.of("S1"), 72);
        assertThat(sezPaid.totals().igst()).isEqualByComparingTo("124.67");
        assertThat(abroadPaid.totals().igst()).isEqualByComparingTo("124.67");
        assertThat(facts.of(RowScope.of(d1.id()), abroadPaid.id()).orElseThrow().wording()).containsExactly("EXPORT_SUPPLY");

        transactions.write(d1.id(), db -> db.sql("insert into tax.undertaking (distributor_id, id, number, valid_from, valid_to) values (?, ?, 'AD270426000001X', ?, ?)")
                .params(d1.id(), UUID.randomUUID(), network.today(), network.today()).update());
        transactions.shared(db -> db.sql("insert into governance.config_version (part, version, changed_at) values ('national', 1, now()) on conflict (part) do update set version = config_version.version + 1").update());
        var sezFree = sell(sez, List.of("S1", "S5"), 72);
        var abroadFree = sell(abroad, List.of("S1"), 72);
        for (var bill : List.of(sezFree, abroadFree)) {
            assertThat(bill.totals().igst()).isEqualByComparingTo("0.00");
            assertThat(bill.paper().title()).isEqualTo(DocumentKind.TAX_INVOICE);
            var found = facts.of(RowScope.of(d1.id()), bill.id()).orElseThrow();
            assertThat(found.wording()).singleElement().asString().endsWith("_UNDERTAKING");
            assertThat(found.undertaking()).isEqualTo("AD270426000001X");
            assertThat(found.eInvoiceDue()).isTrue();
            assertThat(found.dynamicQr()).isNull();
        }
        assertThat(sell(d1.o3(), List.of("S1"), 72).totals().igst()).as("nobody else is touched").isEqualByComparingTo("124.67");
        credited(sezFree, sez, "S1", 2, "34.63");
        credited(abroadPaid, abroad, "S1", 2, "34.63");
        var gone = sell(abroad, List.of("S1"), 5);
        assertThat(billing.cancel(d1.id(), gone.id(), UUID.randomUUID(), "wrong shop", new Actor(2, "owner"))).isInstanceOf(Billing.CancelOutcome.Cancelled.class);

        var found = month();
        var gstr1 = found.gstr1();
        assertThat(gstr1.tables().stream().filter(table -> table.state().equals("FILLED") && !table.table().startsWith("1")).map(table -> table.table() + " " + table.section() + " " + table.documents()))
                .containsExactly("4A B2B 1", "6A EXPORT_WITH_PAYMENT 1", "6A EXPORT_WITHOUT_PAYMENT 1", "6B SEZ 1", "6B SEZ_WITHOUT_PAYMENT 1", "6C DEEMED_EXPORT 1", "9B CDNR 1", "9B CDNUR 1");
        assertThat(gstr1.untaxed()).as("nil-rated goods for a zone are zero-rated").isEmpty();
        assertThat(found.check().equal()).as(found.check().toString()).isTrue();
        assertThat(gstr1.goodsDifference()).isEqualTo(NOTHING);
        // 3.1(b) is tables 6A and 6B with their notes; deemed exports stay in 3.1(a), and nothing abroad is a consumer of another State
        var zero = found.gstr3b().zeroRated();
        assertThat(zero.igst()).isEqualByComparingTo(new BigDecimal("124.67").multiply(BigDecimal.TWO).subtract(new BigDecimal("3.46")));
        assertThat(zero.taxable().add(found.gstr3b().taxable().taxable())).isEqualByComparingTo(gstr1.total().taxable());
        assertThat(found.gstr3b().toConsumers()).isEmpty();
        var file = gstr1.file();
        assertThat(file.at("/exp").findValuesAsString("exp_typ")).containsExactly("WOPAY", "WPAY");
        assertThat(file.at("/exp/1/inv/0/itms/0/iamt").decimalValue()).isEqualByComparingTo("124.67");
        assertThat(file.at("/exp/0/inv/0/itms/0/rt").decimalValue()).isEqualByComparingTo("0");
        assertThat(file.at("/b2b").findValuesAsString("inv_typ")).containsExactlyInAnyOrder("SEWP", "SEWOP", "DE", "R");
        assertThat(file.at("/cdnr/0/nt/0/inv_typ").asString()).isEqualTo("SEWOP");
        assertThat(file.at("/cdnur/0/typ").asString()).isEqualTo("EXPWP");
        try (var book = new ReadableWorkbook(new ByteArrayInputStream(Gstr1Sheets.of(gstr1)))) {
            assertThat(book.findSheet("exp").orElseThrow().read()).hasSize(3);
        }
        shippingBills(found, abroadPaid, abroadFree, sezFree);
        // a cancelled export of a filed month is stated as nothing in table 9A
        var row = gstr1.entries().stream().filter(one -> one.section() == Section.EXPORT_WITHOUT_PAYMENT).findFirst().orElseThrow().row();
        var next = Gstr1.of("27PQRST5678K1Z2", "27", YearMonth.from(network.today()).plusMonths(1), List.of(), new Gstr1.Restated(List.of(), List.of(row), java.util.Map.of()), List.of(), List.of(), new io.offtake.tax.india.Law(List.of()));
        assertThat(next.file().at("/expa/0/exp_typ").asString()).isEqualTo("WOPAY");
        assertThat(next.file().at("/expa/0/inv/0/oinum").asString()).isEqualTo(row.number());
        assertThat(next.tables().stream().filter(table -> table.section().equals("EXPA")).findFirst().orElseThrow().documents()).isEqualTo(1);
    }

    /// IN-50, IN-33: what customs say after the bill stands in table 6A and in the e-invoice that is still to be sent; in table 9A of a
    /// later month where the bill's own is filed.
    private void shippingBills(Returns.Month before, InvoiceView paid, InvoiceView free, InvoiceView zone) throws IOException {
        var scope = RowScope.of(d1.id());
        var today = network.today();
        var month = YearMonth.from(today);
        assertThat(before.gstr1().file().at("/exp/1/inv/0").has("sbnum")).isFalse();
        assertThat(exports.exports(scope, d1.id(), month)).extracting(export -> export.number() + " " + export.withPayment() + " " + export.details())
                .containsExactlyInAnyOrder(paid.number() + " true null", free.number() + " false null");
        var details = new ExportDetails("1234567", today, "INNSA1", "AE");
        assertThat(exports.record(scope, zone.id(), details, CLERK)).as("a zone is not abroad").isInstanceOf(ExportShipments.Outcome.Unknown.class);
        for (var wrong : List.of(new ExportDetails("12", today, "INNSA1", "AE"), new ExportDetails("1234567", null, "INNSA1", "AE"), new ExportDetails("1234567", today.minusDays(1), "INNSA1", "AE"),
                new ExportDetails("1234567", today.plusDays(1), "INNSA1", "AE"), new ExportDetails(null, null, "NSA1", "AE"), new ExportDetails(null, null, "INNSA1", "IN"), new ExportDetails(null, null, "INNSA1", "XX")))
            assertThat(exports.record(scope, paid.id(), wrong, CLERK)).as(wrong.toString()).isInstanceOfSatisfying(ExportShipments.Outcome.Wrong.class, refused -> assertThat(refused.faults()).singleElement()
                    .satisfies(fault -> assertThat(fault.accepted()).isNotBlank()));
        assertThat(exports.record(scope, paid.id(), new ExportDetails(null, null, "INNSA1", "AE"), CLERK)).as("port and country are known before").isInstanceOf(ExportShipments.Outcome.Done.class);
        assertThat(exports.record(scope, paid.id(), details, CLERK)).isInstanceOfSatisfying(ExportShipments.Outcome.Done.class, done -> assertThat(done.replayed()).isFalse());
        assertThat(exports.record(scope, paid.id(), details, CLERK)).isInstanceOfSatisfying(ExportShipments.Outcome.Done.class, done -> assertThat(done.replayed()).isTrue());
        assertThat(transactions.<List<String>>read(scope, db -> db.sql("select action from governance.audit_entry where distributor_id = ? and document_type = 'export-shipment' order by seq").param(d1.id()).query(String.class).list()))
                .containsExactly("RECORDED", "CHANGED");
        var now = month().gstr1();
        var stated = now.file().at("/exp/1/inv/0");
        assertThat(stated.path("sbpcode").asString() + " " + stated.path("sbnum").asString() + " " + stated.path("sbdt").asString())
                .isEqualTo("INNSA1 1234567 " + today.format(java.time.format.DateTimeFormatter.ofPattern("dd-MM-uuuu")));
        assertThat(now.file().at("/exp/0/inv/0").has("sbnum")).isFalse();
        assertThat(now.total()).as("no figure moves").isEqualTo(before.gstr1().total());
        try (var book = new ReadableWorkbook(new ByteArrayInputStream(Gstr1Sheets.of(now)))) {
            assertThat(book.findSheet("exp").orElseThrow().read()).anySatisfy(row -> assertThat(row.getCellText(4) + " " + row.getCellText(5)).isEqualTo("INNSA1 1234567"));
        }
        var payload = Inv01.of(documents.find(scope, paid.id()).orElseThrow(), details);
        assertThat(payload.at("/ExpDtls/ShipBNo").asString() + payload.at("/ExpDtls/Port").asString() + payload.at("/ExpDtls/CntCode").asString()).isEqualTo("1234567INNSA1AE");
        assertThat(Inv01Check.faults(payload, new Inv01Check.Terms(false, today, null))).noneSatisfy(fault -> assertThat(fault.pointer()).startsWith("/ExpDtls"));
        // what is kept of a filed month, and what the next states of a shipping bill that came after
        assertThat(Inv01.JSON.readValue(Inv01.JSON.writeValueAsString(now), Gstr1.class)).isEqualTo(now);
        var row = now.entries().stream().filter(one -> one.section() == Section.EXPORT_WITH_PAYMENT).findFirst().orElseThrow().row();
        var next = Gstr1.of("27PQRST5678K1Z2", "27", month.plusMonths(1), List.of(), new Gstr1.Restated(List.of(), List.of(), java.util.Map.of(), List.of(row)), List.of(), List.of(), new io.offtake.tax.india.Law(List.of()),
                java.util.Map.of(row.id(), details));
        assertThat(next.file().at("/expa/0/exp_typ").asString()).isEqualTo("WPAY");
        assertThat(next.file().at("/expa/0/inv/0/sbnum").asString()).isEqualTo("1234567");
        assertThat(next.file().at("/expa/0/inv/0/val").decimalValue()).isEqualByComparingTo(row.payable());
        assertThat(next.total()).as("it is stated again, not sold again").isEqualTo(NOTHING);
        assertThat(next.tables().stream().filter(table -> table.section().equals("EXPA")).findFirst().orElseThrow().documents()).isEqualTo(1);
    }

    /// IN-22: what the recipient does with a note; a rejected one adds its tax back, silence accepts.
    @Test
    @Tag("CMP-04")
    void whatRecipientsDoWithNotesIsKeptAndARejectionAddsTheTaxBack() {
        var sale = sell(d1.o1(), List.of("S1"), 10);
        var note = credited(sale, d1.o1(), "S1", 2, "34.63");
        var consumer = credited(sell(d1.o2(), List.of("S1"), 5), d1.o2(), "S1", 1, "34.63");
        var scope = RowScope.of(d1.id());
        var month = YearMonth.from(network.today());
        assertThat(ims.notes(scope, d1.id(), month)).singleElement().satisfies(one -> {
            assertThat(one.number()).isEqualTo(note.number());
            assertThat(one.status()).isEqualTo(Ims.Status.OPEN);
            assertThat(one.silentOn()).isEqualTo(month.plusMonths(1).atDay(20));
        });
        assertThat(ims.say(d1.id(), consumer.id(), Ims.Said.ACCEPTED, null, network.today(), CLERK)).as("a consumer is not in the system").isInstanceOf(Ims.Outcome.Unknown.class);
        assertThat(ims.say(d1.id(), sale.id(), Ims.Said.REJECTED, null, network.today(), CLERK)).isInstanceOf(Ims.Outcome.Unknown.class);
        assertThat(ims.say(d1.id(), note.id(), Ims.Said.ACCEPTED, null, network.today().plusDays(1), CLERK)).isInstanceOf(Ims.Outcome.DateClosed.class);
        assertThat(ims.say(d1.id(), note.id(), Ims.Said.ACCEPTED, new BigDecimal("3.47"), network.today(), CLERK)).isEqualTo(new Ims.Outcome.ReversalWrong(new BigDecimal("3.46")));
        assertThat(ims.say(d1.id(), note.id(), Ims.Said.PENDING, null, network.today(), CLERK)).isInstanceOfSatisfying(Ims.Outcome.Done.class, done -> {
            assertThat(done.note().status()).isEqualTo(Ims.Status.PENDING);
            assertThat(done.note().silentOn()).as("one period more").isEqualTo(month.plusMonths(2).atDay(20));
        });
        assertThat(ims.addedBack(scope, d1.id(), month)).isEqualTo(Gstr1.Heads.NONE);
        assertThat(ims.say(d1.id(), note.id(), Ims.Said.REJECTED, null, network.today(), CLERK)).isInstanceOfSatisfying(Ims.Outcome.Done.class, done -> assertThat(done.note().status()).isEqualTo(Ims.Status.REJECTED));
        var added = ims.addedBack(scope, d1.id(), month);
        assertThat(added.cgst()).isEqualByComparingTo("1.73");
        assertThat(added.sgst()).isEqualByComparingTo("1.73");
        assertThat(added.taxable()).isEqualByComparingTo("69.26");
        assertThat(month().check().equal()).as("the books know of no rejection").isTrue();
        assertThat(ims.say(d1.id(), note.id(), Ims.Said.ACCEPTED, new BigDecimal("3.46"), network.today(), CLERK)).isInstanceOf(Ims.Outcome.Done.class);
        assertThat(ims.addedBack(scope, d1.id(), month)).isEqualTo(Gstr1.Heads.NONE);

        // nothing was said of a note of two months ago
        var old = credited(sell(d1.o1(), List.of("S1"), 10), d1.o1(), "S1", 1, "34.63");
        database.asSuperuser("update billing.invoice_line set business_date = business_date - interval '2 months' where distributor_id = " + d1.id() + " and invoice_id = '" + old.id() + "'");
        database.asSuperuser("update billing.invoice set business_date = business_date - interval '2 months' where distributor_id = " + d1.id() + " and id = '" + old.id() + "'");
        assertThat(ims.notes(scope, d1.id(), YearMonth.from(network.today().minusMonths(2)))).singleElement().satisfies(one -> assertThat(one.status()).isEqualTo(Ims.Status.DEEMED_ACCEPTED));
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
