package io.offtake.tax.vat;

import static io.offtake.tax.vat.Kenya.decimal;
import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.testing.People;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.tax.vat.EtimsSimulator.Fault;
import io.offtake.testing.Fixture;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/// Kenya whole (domain/05b section 5b.2): set up, billed, told to the control unit, credited, returned, as UBL.
@ServerTest
@Tag("LOC-01")
@Tag("LOC-07")
class KenyaTest {
    @LocalServerPort int port;
    @Autowired People people;
    @Autowired TenantTransaction transactions;
    @Autowired Clock clock;
    @Autowired EtimsStore store;
    @Autowired EtimsQueue queue;
    @Autowired EtimsSimulator simulator;
    private Kenya kenya;
    private UUID soap;

    @BeforeEach
    void network() {
        var today = LocalDate.now(clock.withZone(ZoneId.of("Africa/Nairobi")));
        kenya = new Kenya(new Fixture(transactions, today), people, port, today);
        soap = kenya.network.batch(kenya.seller, "S1", "A1", "60.00", today.plusDays(300), 5000);
        kenya.network.batch(kenya.seller, "S5", "N1", "45.00", null, 5000);
    }

    @AfterEach
    void noFaults() {
        simulator.inject(() -> Fault.NONE);
    }

    private void serve() {
        store.unit(kenya.seller.id()).ifPresent(queue::serve);
    }

    private void register() {
        var done = kenya.owner.send("PUT", "/api/v1/tax/etims/units/" + kenya.seller.id(), Map.of("branch", "00", "adapter", "SIMULATOR"), Map.of());
        assertThat(done.status()).as(done.toString()).isEqualTo(200);
    }

    @Test
    void identityIsCheckedByThePack() {
        var form = kenya.form();
        form.put("gstin", "X051234567X");
        var etag = kenya.office.get("/api/v1/distributors/" + kenya.seller.id()).etag();
        var no = kenya.office.put("/api/v1/distributors/" + kenya.seller.id(), form, etag);
        assertThat(no.status()).isEqualTo(422);
        assertThat(no.text()).contains("/gstin").contains("is no PIN").contains("P051234567X");
        form.put("gstin", Kenya.PIN);
        form.put("registration", "COMPOSITION");
        form.put("pin", "411001");
        var both = kenya.office.put("/api/v1/distributors/" + kenya.seller.id(), form, etag);
        assertThat(both.text()).contains("/registration").contains("/pin").contains("00100");
        var bad = kenya.tryOutlet("BAD", "Bad Shop", "A00011122Z", "KE");
        assertThat(bad.status()).isEqualTo(422);
        assertThat(bad.text()).contains("is no PIN");
        assertThat(kenya.tryOutlet("NOWHERE", "No Country", null, "27").text()).contains("is no country");
    }

    @Test
    @Tag("CMP-05")
    void aTaxInvoiceHasOneHeadUnderItsOwnName() {
        var invoice = kenya.posted(kenya.shop, "S1", "10", "S5", "2");
        // 34.63 × 10 = 346.30 at 16 % = 55.41; sanitary towels are exempt
        assertThat(decimal(invoice.path("lines").path(0).path("vat"))).isEqualByComparingTo("55.41");
        assertThat(decimal(invoice.path("lines").path(0).path("cgst"))).isZero();
        assertThat(invoice.path("taxes").path(1).path("kind").asString() + invoice.path("taxes").path(0).path("kind").asString()).contains("EXEMPT");
        assertThat(decimal(invoice.path("totals").path("vat"))).isEqualByComparingTo("55.41");
        assertThat(decimal(invoice.path("totals").path("payable"))).isEqualByComparingTo("481.71");
        assertThat(decimal(invoice.path("totals").path("rounding"))).isZero();
        var paper = invoice.path("paper");
        assertThat(paper.path("title").asString()).isEqualTo("TAX_INVOICE");
        assertThat(paper.path("titleText").asString()).isEqualTo("Tax invoice");
        assertThat(paper.path("titleLocal").asString()).isEqualTo("Ankara ya kodi");
        assertThat(paper.path("taxIdName").asString()).isEqualTo("PIN");
        assertThat(paper.path("heads").path(0).path("code").asString()).isEqualTo("VAT");
        assertThat(paper.path("heads").size()).isEqualTo(1);
        assertThat(invoice.path("seller").path("currency").asString()).isEqualTo("KES");
        assertThat(invoice.path("seller").path("gstin").asString()).isEqualTo(Kenya.PIN);
        var journal = kenya.network.journal(kenya.seller, UUID.fromString(invoice.path("id").asString()));
        assertThat(journal.get("2200")).isEqualByComparingTo("-55.41");
        assertThat(journal.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add)).isZero();
        var context = kenya.clerk.get("/api/v1/sync/snapshot/must?distributorId=" + kenya.seller.id()).text();
        assertThat(context).contains("\"taxIdName\":\"PIN\"").contains("\"code\" : \"KES\", \"scale\" : 2");
    }

    @Test
    void goodsThatLeaveTheCountryAreZeroRated() {
        var export = kenya.posted(kenya.abroad, "S1", "10");
        assertThat(decimal(export.path("totals").path("vat"))).isZero();
        assertThat(export.path("taxes").path(0).path("kind").asString()).isEqualTo("ZERO_RATED");
        assertThat(decimal(export.path("totals").path("payable"))).isEqualByComparingTo("346.30");
    }

    @Test
    @Tag("CMP-04")
    @Tag("CMP-07")
    void theReturnIsTiedToTheBooks() {
        register();
        var invoice = kenya.posted(kenya.shop, "S1", "100", "S5", "10");
        kenya.posted(kenya.abroad, "S1", "20");
        kenya.credited(invoice, "S1", "30", "34.63", soap);
        var receipt = kenya.clerk.post("/api/v1/goods-receipts", Map.of("id", UUID.randomUUID(), "distributorId", kenya.seller.id(), "principalId", kenya.network.principal, "warehouseId", kenya.seller.warehouse(),
                "businessDate", kenya.today.toString(), "principalInvoiceNumber", "SB/KE/1", "principalInvoiceOn", kenya.today.toString(), "lines",
                List.of(Map.ofEntries(Map.entry("line", 1), Map.entry("skuId", kenya.network.skus.get("S1")), Map.entry("batchNo", "B2"), Map.entry("mrp", "60.00"), Map.entry("expiresOn", kenya.today.plusDays(200).toString()),
                        Map.entry("billedQty", "100"), Map.entry("freeQty", "0"), Map.entry("goodQty", "100"), Map.entry("damagedQty", "0"), Map.entry("shortQty", "0"), Map.entry("unitCost", "30.00")))));
        assertThat(receipt.status()).as(receipt.toString()).isEqualTo(201);
        assertThat(decimal(receipt.json().path("vat"))).isEqualByComparingTo("480.00");
        serve();
        serve();
        var answer = kenya.owner.get("/api/v1/tax/vat/returns/" + kenya.seller.id() + "?month=" + kenya.today.toString().substring(0, 7));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        var filed = answer.json();
        // 100 × 34.63 = 3463.00 → 554.08; back 30 × 34.63 = 1038.90 → 166.22
        assertThat(filed.path("form").asString()).isEqualTo("VAT 3");
        var general = filed.path("sales").valueStream().filter(row -> row.path("section").asString().equals("B")).findFirst().orElseThrow();
        assertThat(decimal(general.path("taxable"))).isEqualByComparingTo("2424.10");
        assertThat(decimal(general.path("tax"))).isEqualByComparingTo("387.86");
        assertThat(filed.path("sales").valueStream().filter(row -> row.path("section").asString().equals("D")).map(row -> decimal(row.path("taxable"))).findFirst().orElseThrow()).isEqualByComparingTo("692.60");
        assertThat(filed.path("sales").valueStream().filter(row -> row.path("section").asString().equals("E")).map(row -> decimal(row.path("taxable"))).findFirst().orElseThrow()).isEqualByComparingTo("400.00");
        assertThat(decimal(filed.path("inputTax"))).isEqualByComparingTo("480.00");
        assertThat(decimal(filed.path("payable"))).isEqualByComparingTo("-92.14");
        assertThat(filed.path("tied").asBoolean()).isTrue();
        assertThat(decimal(filed.path("booked").path("outputTax"))).isEqualByComparingTo("387.86");
        assertThat(filed.path("unstamped").asInt()).isZero();
        var duty = kenya.owner.get("/api/v1/tax/vat/registration/" + kenya.seller.id()).json();
        assertThat(decimal(duty.path("threshold"))).isEqualByComparingTo("5000000");
        assertThat(decimal(duty.path("turnover"))).isEqualByComparingTo("3116.70");
        assertThat(duty.path("mustRegister").asBoolean()).isFalse();
    }

    /// A note is decided without the book's schemes, but under the book's tax system.
    @Test
    @Tag("CMP-05")
    void aCreditNoteBearsTheVatOfItsBillThoughSchemesAreInForce() {
        var today = LocalDate.now(clock.withZone(ZoneId.of("Africa/Nairobi")));
        kenya.network.scheme("OTHER-GOODS", "M1", "\"stage\":\"LINE\",\"mechanic\":{\"type\":\"DISCOUNT\",\"reward\":{\"percent\":\"0.04\"}},\"products\":{\"skuIds\":[\"" + kenya.network.skus.get("S3")
                + "\"]},\"eligibility\":{},\"priority\":10,\"principalShare\":\"1\",\"claimable\":true,\"claimRate\":\"PTS\"", today.minusDays(40), today.plusDays(40));
        var invoice = kenya.posted(kenya.shop, "S1", "10", "S5", "2");
        var note = kenya.credited(invoice, "S1", "4", "34.63", soap);
        // 34.63 × 4 = 138.52 at 16 % = 22.16
        assertThat(decimal(note.path("totals").path("vat"))).isEqualByComparingTo("22.16");
        assertThat(decimal(note.path("lines").path(0).path("cgst"))).isZero();
        assertThat(kenya.network.journal(kenya.seller, UUID.fromString(note.path("id").asString())).get("2200")).isEqualByComparingTo("22.16");
    }

    @Test
    @Tag("INT-13")
    void theControlUnitStampsWhatWasPostedAndACreditNoteNamesItsOriginal() {
        kenya.posted(kenya.kiosk, "S1", "1");
        register();
        var invoice = kenya.posted(kenya.shop, "S1", "10", "S5", "2");
        var id = invoice.path("id").asString();
        serve();
        var stamp = kenya.clerk.get("/api/v1/invoices/" + id + "/etims").json();
        assertThat(stamp.path("state").asString()).isEqualTo("STAMPED");
        assertThat(stamp.path("invoiceNo").asLong()).as("what was posted before the unit was registered is not told").isEqualTo(1);
        assertThat(stamp.path("cuInvoiceNumber").asString()).isEqualTo("SIM" + kenya.seller.id() + "/1");
        assertThat(stamp.path("qr").asString()).startsWith("https://etims.kra.go.ke/").endsWith(Kenya.PIN + "00" + stamp.path("signature").asString());
        var request = request(id);
        assertThat(request.path("taxblAmtB").decimalValue()).isEqualByComparingTo("346.30");
        assertThat(request.path("taxAmtB").decimalValue()).isEqualByComparingTo("55.41");
        assertThat(request.path("taxblAmtA").decimalValue()).isEqualByComparingTo("80.00");
        assertThat(request.path("custTin").asString()).isEqualTo("P000111222Z");
        var note = kenya.credited(invoice, "S1", "4", "34.63", soap);
        serve();
        var credit = request(note.path("id").asString());
        assertThat(credit.path("rcptTyCd").asString()).isEqualTo("R");
        assertThat(credit.path("orgInvcNo").asLong()).isEqualTo(1);
        assertThat(kenya.clerk.get("/api/v1/invoices/" + note.path("id").asString() + "/etims").json().path("state").asString()).isEqualTo("STAMPED");
        var cancel = kenya.owner.post("/api/v1/invoices/" + id + "/cancellation", Map.of("id", UUID.randomUUID(), "reason", "wrong shop"));
        assertThat(cancel.code()).isEqualTo("CANCEL_WINDOW");
        assertThat(cancel.text()).contains("stamped");
    }

    @Test
    @Tag("INT-13")
    void aBillThatWasNotToldYetIsWithdrawnByItsCancellation() {
        register();
        simulator.inject(() -> Fault.DOWN);
        var id = kenya.posted(kenya.shop, "S1", "1").path("id").asString();
        serve();
        assertThat(kenya.clerk.get("/api/v1/invoices/" + id + "/etims").json().path("state").asString()).isEqualTo("PENDING");
        assertThat(kenya.owner.post("/api/v1/invoices/" + id + "/cancellation", Map.of("id", UUID.randomUUID(), "reason", "wrong shop")).status()).isEqualTo(200);
        assertThat(kenya.clerk.get("/api/v1/invoices/" + id + "/etims").json().path("state").asString()).isEqualTo("WITHDRAWN");
    }

    @Test
    @Tag("INT-13")
    void whateverGoesWrongEveryDocumentIsStampedOnce() {
        register();
        var random = new java.util.Random(5);
        var faults = Fault.values();
        var ids = new java.util.ArrayList<UUID>();
        for (int at = 0; at < 12; at++) ids.add(UUID.fromString(kenya.posted(at % 2 == 0 ? kenya.shop : kenya.kiosk, "S1", Integer.toString(1 + at % 7)).path("id").asString()));
        simulator.inject(() -> random.nextInt(3) == 0 ? Fault.NONE : faults[random.nextInt(faults.length)]);
        serve();
        for (int round = 0; round < 8; round++) for (var id : ids) queue.tryNow(kenya.seller.id(), id);
        simulator.inject(() -> Fault.NONE);
        for (var id : ids) queue.tryNow(kenya.seller.id(), id);
        var states = kenya.clerk.get("/api/v1/tax/etims/documents?distributorId=" + kenya.seller.id() + "&limit=100").json().path("items");
        assertThat(states.size()).isEqualTo(12);
        assertThat(states.valueStream().map(row -> row.path("state").asString()).distinct()).containsExactly("STAMPED");
        assertThat(states.valueStream().map(row -> row.path("signature").asString()).distinct()).hasSize(12);
        long held = transactions.read(io.offtake.platform.RowScope.of(kenya.seller.id()), db -> db.sql("select count(*) from tax.etims_simulated where distributor_id = ?").param(kenya.seller.id()).query(Long.class).single());
        assertThat(held).isEqualTo(12);
    }

    @Test
    @Tag("INT-13")
    void aRejectedDocumentSaysWhyAndGoesOnceItsCauseIsGone() {
        register();
        var id = UUID.fromString(kenya.posted(kenya.shop, "S1", "1").path("id").asString());
        var unit = store.unit(kenya.seller.id()).orElseThrow();
        simulator.inject(() -> Fault.DOWN);
        queue.serve(unit);
        store.heard(kenya.seller.id(), id, EtimsState.after(new ControlUnit.Answer.Refused("912", "custTin is no PIN"), "x"), unit.serial(), null, clock.instant());
        simulator.inject(() -> Fault.NONE);
        var rejected = kenya.clerk.get("/api/v1/invoices/" + id + "/etims").json();
        assertThat(rejected.path("state").asString()).isEqualTo("REJECTED");
        assertThat(rejected.path("message").asString()).isEqualTo("custTin is no PIN");
        serve();
        assertThat(kenya.clerk.get("/api/v1/invoices/" + id + "/etims").json().path("state").asString()).as("it waits for a person").isEqualTo("REJECTED");
        assertThat(kenya.clerk.post("/api/v1/invoices/" + id + "/etims", null).json().path("state").asString()).isEqualTo("STAMPED");
    }

    @Test
    void anInvoiceOfKenyaIsAlsoAPeppolDocument() {
        for (var address : List.of(Map.of("scheme", "0088", "address", "7300010000001"), Map.of("outlet", "SHOP", "scheme", "0088", "address", "5790000436057"))) {
            var form = new java.util.LinkedHashMap<String, Object>(address);
            form.put("id", UUID.randomUUID());
            form.put("distributorId", kenya.seller.id());
            assertThat(kenya.clerk.post("/api/v1/electronic-addresses", form).status()).isEqualTo(201);
        }
        var invoice = kenya.posted(kenya.shop, "S1", "10", "S5", "2");
        var verdict = kenya.clerk.get("/api/v1/invoices/" + invoice.path("id").asString() + "/ubl/validation").json();
        assertThat(verdict.path("valid").asBoolean()).as(verdict.toString()).isTrue();
        var file = kenya.clerk.get("/api/v1/invoices/" + invoice.path("id").asString() + "/ubl");
        assertThat(file.header("Content-Type")).startsWith("application/xml");
        assertThat(file.text()).contains("<cbc:CompanyID>KE" + Kenya.PIN + "</cbc:CompanyID>").contains("<cbc:Percent>16</cbc:Percent>").contains("Exempt from VAT");
        var note = kenya.credited(invoice, "S1", "3", "34.63", soap);
        assertThat(kenya.clerk.get("/api/v1/credit-notes/" + note.path("id").asString() + "/ubl/validation").json().path("valid").asBoolean()).isTrue();
        var kiosk = kenya.posted(kenya.kiosk, "S1", "1");
        var incomplete = kenya.clerk.get("/api/v1/invoices/" + kiosk.path("id").asString() + "/ubl");
        assertThat(incomplete.code()).isEqualTo("UBL_INCOMPLETE");
        assertThat(incomplete.json().path("errors").path(0).path("pointer").asString()).isEqualTo("/outlet/electronicAddress");
        assertThat(kenya.clerk.get("/api/v1/invoices/" + kiosk.path("id").asString() + "/ubl/validation?profile=EN16931").json().path("valid").asBoolean()).isTrue();
    }

    private tools.jackson.databind.JsonNode request(String id) {
        var text = transactions.read(io.offtake.platform.RowScope.of(kenya.seller.id()), db -> db.sql("select request from tax.etims_document where distributor_id = ? and document_id = ?::uuid")
                .params(kenya.seller.id(), id).query(String.class).single());
        return EtimsRequest.JSON.readTree(text);
    }
}
