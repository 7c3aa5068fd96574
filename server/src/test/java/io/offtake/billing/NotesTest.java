package io.offtake.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.platform.Actor;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.rules.DecideCommand.PaymentMode;
import io.offtake.rules.DecideCommand.SaleType;
import io.offtake.tax.DocumentKind;
import io.offtake.testing.Fixture;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/// Credit and debit notes as GST wants them (IN-21, IN-22).
@ServerTest
class NotesTest {
    private static final Actor CLERK = new Actor(1, "clerk");
    /// Soap bars were at 18 % then (IN-07).
    private static final LocalDate BEFORE = LocalDate.of(2025, 9, 10);
    @Autowired Billing billing;
    @Autowired CreditNotes creditNotes;
    @Autowired Notes notes;
    @Autowired TenantTransaction transactions;
    @Autowired Clock clock;
    private Fixture network;
    private Fixture.Distributor d1;

    @BeforeEach
    void network() {
        transactions.shared(db -> db.sql("""
                insert into tax.tax_rate (hsn_prefix, rate, valid_from, valid_to, source) values ('3401', 0.18, date '2017-07-01', date '2025-09-21', 'N/N 1/2017-CT(R)') on conflict do nothing""").update());
        network = new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata"))));
        d1 = network.distributor("D1");
        network.batch(d1, "S1", "A1", "45.00", network.today().plusDays(300), 500);
    }

    private InvoiceView sold(LocalDate on) {
        var line = new PostInvoice.Line(1, network.skus.get("S1"), BigDecimal.valueOf(100), null, null, null, null, null);
        var outcome = billing.postAll(List.of(new PostInvoice(UUID.randomUUID(), d1.id(), network.principal, d1.o1(), d1.warehouse(), on, SaleType.COUNTER, PaymentMode.CASH, null, null,
                List.of(line), null)), CLERK, Terms.HISTORY).getFirst();
        assertThat(outcome).isInstanceOf(PostInvoiceOutcome.Posted.class);
        return ((PostInvoiceOutcome.Posted) outcome).invoice();
    }

    private PostNote note(InvoiceView original, String sku, String price) {
        return new PostNote(UUID.randomUUID(), d1.id(), network.principal, network.today(), original.id(), "rate difference", null,
                List.of(new PostNote.Line(1, network.skus.get(sku), new BigDecimal(100), new BigDecimal(price))));
    }

    @Test
    @Tag("BIL-07") @Tag("CMP-04") @Tag("CMP-05")
    void aCreditNoteKeepsTheRateOfTheOriginalSupply() {
        var original = sold(BEFORE);
        assertThat(original.lines().getFirst().taxRate()).isEqualByComparingTo("0.18");
        assertThat(sold(network.today()).lines().getFirst().taxRate()).isEqualByComparingTo("0.05");
        var command = new PostCreditNote(UUID.randomUUID(), d1.id(), network.principal, d1.o1(), d1.warehouse(), network.today(), original.id(), "came back", null,
                List.of(new PostCreditNote.Line(1, network.skus.get("S1"), BigDecimal.TEN, new BigDecimal("34.63"), null)));
        var posted = creditNotes.post(command, CLERK);
        // R-21, until 30 November after the year of the supply (IN-22)
        if (network.today().isAfter(LocalDate.of(2026, 11, 30))) {
            assertThat(posted).isEqualTo(new PostCreditNoteOutcome.TooLateForTax(original.number(), LocalDate.of(2026, 11, 30)));
            return;
        }
        var view = ((PostCreditNoteOutcome.Posted) posted).creditNote();
        assertThat(view.lines().getFirst().taxRate()).isEqualByComparingTo("0.18");
        assertThat(view.businessDate()).isEqualTo(network.today());
        assertThat(view.paper().title()).isEqualTo(DocumentKind.CREDIT_NOTE);
    }

    @Test
    @Tag("CMP-04") @Tag("BIL-06")
    void afterTheAnnualReturnOnlyAFinancialNoteIsLeft() {
        var original = sold(BEFORE);
        transactions.write(d1.id(), db -> db.sql("""
                insert into tax.fiscal_year (distributor_id, year, turnover, annual_return_filed_on, recorded_at, recorded_by) values (?, 2025, 60000000, date '2026-06-30', now(), 'test')""")
                .param(d1.id()).update());
        var late = creditNotes.post(new PostCreditNote(UUID.randomUUID(), d1.id(), network.principal, d1.o1(), d1.warehouse(), network.today(), original.id(), "came back", null,
                List.of(new PostCreditNote.Line(1, network.skus.get("S1"), BigDecimal.TEN, new BigDecimal("34.63"), null))), CLERK);
        assertThat(late).isEqualTo(new PostCreditNoteOutcome.TooLateForTax(original.number(), LocalDate.of(2026, 6, 30)));

        var command = note(original, "S1", "1.50");
        var view = ((PostCreditNoteOutcome.Posted) notes.financial(command, CLERK)).creditNote();
        assertThat(view.kind()).isEqualTo("FINANCIAL_CREDIT_NOTE");
        assertThat(view.paper().title()).isEqualTo(DocumentKind.FINANCIAL_CREDIT_NOTE);
        assertThat(view.totals().payable()).isEqualByComparingTo("150.00");
        assertThat(view.totals().cgst().add(view.totals().sgst()).add(view.totals().igst())).isZero();
        var journal = network.journal(d1, command.id());
        assertThat(journal.get("4025")).isEqualByComparingTo("150.00");
        assertThat(journal.get("1200")).isEqualByComparingTo("-150.00");
        assertThat(journal).doesNotContainKeys("2200", "4010", "5000");
        assertThat(notes.financial(command, CLERK)).isInstanceOfSatisfying(PostCreditNoteOutcome.AlreadyPosted.class, known -> assertThat(known.creditNote()).isEqualTo(view));
    }

    @Test
    @Tag("BIL-07") @Tag("CMP-04")
    void aDebitNoteChargesWhatWasBilledTooLow() {
        var original = sold(BEFORE);
        var command = note(original, "S1", "1.00");
        var view = ((PostCreditNoteOutcome.Posted) notes.debit(command, CLERK)).creditNote();
        assertThat(view.kind()).isEqualTo("DEBIT_NOTE");
        assertThat(view.originalId()).isEqualTo(original.id());
        assertThat(view.totals().payable()).isEqualByComparingTo("118.00");
        var journal = network.journal(d1, command.id());
        assertThat(journal.get("1200")).isEqualByComparingTo("118.00");
        assertThat(journal.get("4000")).isEqualByComparingTo("-100.00");
        assertThat(journal.get("2200")).isEqualByComparingTo("-18.00");
        assertThat(notes.debit(note(original, "S2", "1.00"), CLERK)).isEqualTo(new PostCreditNoteOutcome.NotOnOriginal(1));
        // it uses nothing of what may be credited
        var left = creditNotes.post(new PostCreditNote(UUID.randomUUID(), d1.id(), network.principal, d1.o1(), d1.warehouse(), network.today(), original.id(), "came back", null,
                List.of(new PostCreditNote.Line(1, network.skus.get("S1"), new BigDecimal(101), BigDecimal.ONE, null))), CLERK);
        if (!(left instanceof PostCreditNoteOutcome.TooLateForTax)) assertThat(left).isInstanceOfSatisfying(PostCreditNoteOutcome.OverCredited.class, no -> assertThat(no.left()).isEqualByComparingTo("100"));
    }
}
