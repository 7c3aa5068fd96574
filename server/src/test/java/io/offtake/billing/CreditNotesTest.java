package io.offtake.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.platform.Actor;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.rules.DecideCommand.PaymentMode;
import io.offtake.rules.DecideCommand.SaleType;
import io.offtake.rules.StockMoves.Node;
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
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;

@ServerTest
class CreditNotesTest {
    private static final Actor CLERK = new Actor(1, "clerk");
    @Autowired Billing billing;
    @Autowired CreditNotes creditNotes;
    @Autowired TenantTransaction transactions;
    @Autowired Clock clock;
    private Fixture network;
    private Fixture.Distributor d1;
    private UUID batch;

    @BeforeEach
    void network() {
        network = new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata"))));
        d1 = network.distributor("D1");
        batch = network.batch(d1, "S1", "A1", "40.00", network.today().plusDays(300), 500);
    }

    private InvoiceView sold(int qty) {
        var line = new PostInvoice.Line(1, network.skus.get("S1"), BigDecimal.valueOf(qty), null, null, null, null, null);
        var outcome = billing.post(new PostInvoice(UUID.randomUUID(), d1.id(), network.principal, d1.o1(), d1.warehouse(), network.today(), SaleType.COUNTER, PaymentMode.CREDIT, null, null,
                List.of(line), null), CLERK);
        assertThat(outcome).isInstanceOf(PostInvoiceOutcome.Posted.class);
        return ((PostInvoiceOutcome.Posted) outcome).invoice();
    }

    private PostCreditNote note(@Nullable UUID original, String qty, @Nullable UUID into) {
        return new PostCreditNote(UUID.randomUUID(), d1.id(), network.principal, d1.o1(), d1.warehouse(), network.today(), original, "came back", null,
                List.of(new PostCreditNote.Line(1, network.skus.get("S1"), new BigDecimal(qty), new BigDecimal("34.63"), into)));
    }

    @Test
    @Tag("BIL-07") @Tag("RCV-08") @Tag("STK-01") @Tag("CMP-01")
    void p07GoodsComeBackAndEveryLedgerTakesTheOpposite() {
        var invoice = sold(12);
        var command = note(invoice.id(), "12", batch);
        var posted = (PostCreditNoteOutcome.Posted) creditNotes.post(command, CLERK);
        var view = posted.creditNote();
        assertThat(view.kind()).isEqualTo("CREDIT_NOTE");
        assertThat(view.originalId()).isEqualTo(invoice.id());
        assertThat(view.totals().payable()).isEqualByComparingTo(invoice.totals().payable());
        assertThat(network.balance(d1, "S1", Node.SALEABLE)).isEqualByComparingTo("500");

        var sale = network.journal(d1, invoice.id());
        var back = network.journal(d1, command.id());
        assertThat(back.get("4010")).isEqualByComparingTo(sale.get("4000").negate());
        for (var account : List.of("1200", "1300", "2200", "5000")) assertThat(back.get(account)).as(account).isEqualByComparingTo(sale.get(account).negate());
        assertThat(back.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add)).isZero();

        var again = creditNotes.post(command, CLERK);
        assertThat(again).isInstanceOfSatisfying(PostCreditNoteOutcome.AlreadyPosted.class, known -> assertThat(known.creditNote()).isEqualTo(view));
    }

    @Test
    @Tag("BIL-07")
    void creditsNoMoreThanWasBilled() {
        var invoice = sold(12);
        assertThat(creditNotes.post(note(invoice.id(), "10", batch), CLERK)).isInstanceOf(PostCreditNoteOutcome.Posted.class);
        assertThat(creditNotes.post(note(invoice.id(), "3", batch), CLERK)).isInstanceOfSatisfying(PostCreditNoteOutcome.OverCredited.class,
                no -> assertThat(no.left()).isEqualByComparingTo("2"));
        assertThat(creditNotes.post(note(UUID.randomUUID(), "1", batch), CLERK)).isEqualTo(new PostCreditNoteOutcome.Unknown("original"));
    }

    @Test
    @Tag("BIL-07")
    void valueOnlyMovesNoGoods() {
        sold(12);
        var command = note(null, "2", null);
        assertThat(creditNotes.post(command, CLERK)).isInstanceOf(PostCreditNoteOutcome.Posted.class);
        assertThat(network.balance(d1, "S1", Node.SALEABLE)).isEqualByComparingTo("488");
        var journal = network.journal(d1, command.id());
        assertThat(journal.get("4010")).isEqualByComparingTo("69.26");
        assertThat(journal).doesNotContainKeys("1300", "5000");
        assertThat(creditNotes.post(note(null, "2", UUID.randomUUID()), CLERK)).isEqualTo(new PostCreditNoteOutcome.Unknown("batch"));
    }
}
