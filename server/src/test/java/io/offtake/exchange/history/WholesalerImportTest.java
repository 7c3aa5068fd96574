package io.offtake.exchange.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offtake.exchange.history.HistoryStore.Parties;
import io.offtake.platform.Progress;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;

/// The sample of spec/wholesaler, twice.
@ServerTest
class WholesalerImportTest {
    private static final Path SAMPLE = Path.of("../spec/wholesaler/sample.csv");
    private static final Progress SILENT = (what, done, total) -> {};
    @Autowired WholesalerImport wholesaler;
    @Autowired TenantTransaction transactions;
    @TempDir Path folder;

    private static Parties parties() {
        var tag = Long.toString(System.nanoTime(), 36).toUpperCase(java.util.Locale.ROOT);
        return new Parties("WS-" + tag, "Wholesaler " + tag, "IM-" + tag, "Importer " + tag);
    }

    @Test
    @Tag("INT-16") @Tag("ORD-25") @Tag("STK-01") @Tag("RCV-08") @Tag("BIL-07")
    void bringsEveryRowIntoTheBooksOrSaysWhyNotAndDoublesNothing() {
        var parties = parties();
        var first = wholesaler.run(SAMPLE, parties, SILENT);
        assertThat(first.refused()).isEmpty();
        assertThat(first.isComplete()).as("in = posted + not taken").isTrue();
        var all = WholesalerImport.Report.sum(first.source());
        assertThat(all.rows()).isEqualTo(282);
        assertThat(all.creditNotes()).isEqualTo(14);
        assertThat(WholesalerImport.Report.sum(first.posted()).creditNotes()).isEqualTo(14);
        assertThat(WholesalerImport.byReason(first.history())).containsOnlyKeys(SourceHistory.Reason.STOCK_ADJUSTMENT, SourceHistory.Reason.FREE);
        assertThat(ImportCommand.notTaken(first)).hasSize(1 + first.history().notTaken().size());
        assertThat(first.fresh()).isEqualTo(first.history().documents().size());

        var again = wholesaler.run(SAMPLE, parties, SILENT);
        assertThat(again.fresh()).isZero();
        assertThat(again.posted()).isEqualTo(first.posted());
        assertThat(again.isComplete()).isTrue();
        checkBooks(parties, first);
    }

    private void checkBooks(Parties parties, WholesalerImport.Report report) {
        long id = transactions.shared(db -> db.sql("select id from network.distributor where code = ?").param(parties.distributor()).query(Long.class).single());
        transactions.write(id, db -> {
            assertThat(db.sql("select coalesce(sum(amount), 0) from receivables.journal_entry where distributor_id = ?").param(id).query(BigDecimal.class).single()).isZero();
            // what was there, less what was sold, plus what came back
            var moved = report.history().documents().stream().flatMap(document -> document.rows().stream()).filter(row -> !SourceHistory.isCharge(row.code()))
                    .map(SourceFile.Row::qty).reduce(BigDecimal.ZERO, BigDecimal::add);
            assertThat(db.sql("select sum(qty) from stock.balance where distributor_id = ?").param(id).query(BigDecimal.class).single())
                    .isEqualByComparingTo(WholesalerImport.openingPieces(report.history()).subtract(moved));
            assertThat(db.sql("select sum(balance) from receivables.outlet_account where distributor_id = ?").param(id).query(BigDecimal.class).single())
                    .isEqualByComparingTo(WholesalerImport.Report.sum(report.posted()).value());
            assertThat(db.sql("select distinct origin from billing.invoice where distributor_id = ?").param(id).query(String.class).list()).containsExactly("MIGRATION");
            assertThat(db.sql("select count(*) from platform.number_register where distributor_id = ? and (formatted like 'C%') <> (document_type = 'CREDIT_NOTE')").param(id)
                    .query(Integer.class).single()).isZero();
            assertThat(db.sql("select count(*) from network.outlet where distributor_id = ? and code like 'WALK-IN-%'").param(id).query(Integer.class).single()).isPositive();
            assertThat(db.sql("select sum(amount) from receivables.journal_entry where distributor_id = ? and account = '4010'").param(id).query(BigDecimal.class).single()).isPositive();
            assertThat(db.sql("select count(*) from platform.outbox where distributor_id = ? and topic = 'credit-note.posted'").param(id).query(Integer.class).single()).isEqualTo(14);
            return true;
        });
    }

    @Test
    @Tag("INT-16")
    void derivesTheLeastOpeningStock() {
        var at = java.time.LocalDateTime.of(2010, 12, 1, 9, 0);
        var rows = List.of(row(2, "1", "A", "6", at), row(3, "C2", "A", "-6", at.plusHours(1)), row(4, "3", "A", "5", at.plusDays(1)), row(5, "4", "POST", "1", at), row(6, "C5", "B", "-2", at));
        var items = SourceHistory.of(rows).items();
        assertThat(items.get("A").opening()).isEqualByComparingTo("6");
        assertThat(items.get("B").opening()).isZero();
        assertThat(items.get("POST").charge()).isTrue();
        assertThat(items.get("POST").opening()).isZero();
    }

    private static SourceFile.Row row(int number, String invoice, String code, String qty, java.time.LocalDateTime at) {
        return new SourceFile.Row(number, invoice, code, "THING", new BigDecimal(qty), at, new BigDecimal("1.25"), "1", "United Kingdom");
    }

    @Test
    @Tag("INT-16")
    void saysWhatIsWrongWithAFile() throws Exception {
        var wrong = folder.resolve("wrong.csv");
        Files.writeString(wrong, "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n1,A,\"Two, with a \"\"quote\"\"\",x,2010-12-01 08:26:00,1.00,1,EIRE\n");
        assertThatThrownBy(() -> SourceFile.read(wrong)).isInstanceOf(SourceFile.Unreadable.class).hasMessageContaining("Row 2");
        Files.writeString(wrong, "InvoiceNo,StockCode\n1,A\n");
        assertThatThrownBy(() -> SourceFile.read(wrong)).hasMessageContaining("no column Description");
    }
}
