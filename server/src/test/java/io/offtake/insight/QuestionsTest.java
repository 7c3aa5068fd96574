package io.offtake.insight;

import static io.offtake.insight.World.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.offtake.insight.Question.Filter;
import io.offtake.insight.Question.Order;
import io.offtake.insight.Question.Window;
import io.offtake.insight.app.Feed;
import io.offtake.insight.app.Questions;
import io.offtake.insight.store.FeedStore;
import io.offtake.insight.store.NetworkDirectory;
import io.offtake.insight.store.PostgresEngine;
import io.offtake.platform.ProblemException;
import io.offtake.platform.testing.DatabaseTest;
import io.offtake.platform.testing.TestDatabase;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// One small network with figures worked by hand. Today is 16 November 2026, 11:30 in India.
@DatabaseTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QuestionsTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-16T06:00:00Z"), ZoneOffset.UTC);
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 16);
    private static final Window MTD = Window.of("MTD");

    private final World world;
    private final Feed feed;
    private final Questions questions;
    private long north, south, t1, t2, d1, d2, d3, pounds, p, q, s1, s2, s3, s4, biscuits, noodles;
    private UUID b1, o1, o2, o3, o4, o5;

    QuestionsTest(TestDatabase database) {
        var transactions = database.transactions();
        world = new World(transactions);
        feed = new Feed(new FeedStore(transactions, CLOCK));
        questions = new Questions(new NetworkDirectory(transactions, CLOCK), new PostgresEngine(transactions), CLOCK);
    }

    @BeforeAll
    void network() {
        north = world.territory("North", "REGION", world.territory("Marulia", "COUNTRY", null));
        south = world.territory("South", "REGION", null);
        t1 = world.territory("T1", "TERRITORY", north);
        t2 = world.territory("T2", "TERRITORY", south);
        d1 = world.distributor("D1", t1);
        d2 = world.distributor("D2", t2);
        d3 = world.distributor("D3", null);
        pounds = world.distributor("London", null, "Europe/London", "GBP");
        p = world.principal("P");
        q = world.principal("Q");
        biscuits = world.category("Biscuits");
        noodles = world.category("Noodles");
        long sun = world.brand("Sun");
        s1 = world.sku("S1", p, biscuits, sun);
        s2 = world.sku("S2", p, noodles, sun);
        s3 = world.sku("S3", q, biscuits, world.brand("Moon"));
        s4 = world.sku("S4", p, noodles, sun);
        b1 = world.beat(d1, "B1");
        var platform = UUID.randomUUID();
        o1 = world.outlet(d1, "O1", b1, "GROCER", "A", platform);
        o2 = world.outlet(d1, "O2", b1, "CHEMIST", "B");
        o3 = world.outlet(d1, "O3", null, "GROCER", "C");
        o4 = world.outlet(d2, "O4", world.beat(d2, "B2"), "GROCER", "A", platform);
        o5 = world.outlet(d3, "O5", world.beat(d3, "B3"), "PAAN", "D");
        var abroad = world.outlet(pounds, "O6", null, "GROCER", "A");

        // month to date
        world.invoice(d1, p, o1, on(11, 2), line(s1, 10, "34.63"), line(s2, 5, "20"));          // 346.30 + 100.00
        world.invoice(d1, p, o2, on(11, 5), line(s1, 4, 1, "34.63", "5.54"));                    // 138.52 − 5.54
        world.invoice(d1, q, o3, on(11, 10), line(s3, 3, "50"));                                 // 150.00
        world.invoice(d2, p, o4, on(11, 12), line(s1, 20, "34"));                                // 680.00
        world.creditNote(d2, p, o4, on(11, 14), line(s1, 2, "34"));                              // −68.00
        world.invoice(d3, p, o5, on(11, 15), line(s2, 1, "20"));                                 // 20.00
        world.invoice(pounds, p, abroad, on(11, 15), line(s1, 1, "9"));
        var gone = world.invoice(d1, p, o1, on(11, 3), line(s1, 1000, "34.63"));
        world.cancel(d1, p, gone, on(11, 3));
        // bought and brought back: not an active outlet
        var o7 = world.outlet(d2, "O7", null, "GROCER", "D");
        world.invoice(d2, p, o7, on(11, 6), line(s1, 1, "34"));
        world.creditNote(d2, p, o7, on(11, 7), line(s1, 1, "34"));
        // last month, the same days and after them
        world.invoice(d1, p, o1, on(10, 16), line(s1, 2, "34.63"));                              // 69.26
        world.invoice(d1, p, o1, on(10, 17), line(s1, 1, "30"));                                 // 30.00
        // last year
        world.invoice(d1, p, o1, LocalDate.of(2025, 11, 3), line(s1, 10, "30"));                 // 300.00
        world.invoice(d2, p, o4, LocalDate.of(2025, 11, 16), line(s1, 10, "40"));                // 400.00
        world.invoice(d2, p, o4, LocalDate.of(2025, 11, 17), line(s1, 10, "100"));               // one day too late
        world.receipt(d1, p, on(11, 1), line(s1, 100, 10, "32.98", "0"));                        // 3,298.00

        // 170 S1 in the last 90 days at D1 (10 + 4 + 2 + 1 = 17); non-moving S4; new S2 at D2; S1 at D2 sold out
        world.stock(d1, p, s1, "SALEABLE", 30, "32.98", on(8, 1));
        world.stock(d1, p, s1, "RESERVED", 4, "33.00", on(8, 1));
        world.stock(d1, p, s1, "DAMAGED", 500, "33.00", on(8, 1));
        world.stock(d1, p, s4, "SALEABLE", 7, "10", on(8, 1));
        world.stock(d2, p, s2, "SALEABLE", 12, "18", on(11, 1));

        world.openItem(d1, p, o1, "INVOICE", TODAY, "100", "100.00");                            // due today: not due
        world.openItem(d1, p, o1, "INVOICE", TODAY.minusDays(1), "500", "50.00");
        world.openItem(d1, p, o2, "INVOICE", TODAY.minusDays(7), "20", "20.00");
        world.openItem(d1, p, o2, "DEBIT_NOTE", TODAY.minusDays(8), "10", "10.00");
        world.openItem(d1, p, o3, "OPENING", TODAY.minusDays(31), "5", "5.00");
        world.openItem(d1, q, o3, "INVOICE", TODAY.minusDays(181), "7", "7.00");
        world.openItem(d1, p, o1, "ON_ACCOUNT", TODAY.minusDays(40), "30", "30.00");
        world.openItem(d2, p, o4, "INVOICE", TODAY.minusDays(90), "60", "60.00");
        world.openItem(d2, p, o4, "INVOICE", TODAY.minusDays(91), "40", "40.00");
        world.openItem(d2, p, o4, "INVOICE", TODAY.minusDays(91), "40", "0.00");
        world.openItem(d3, p, o5, "CREDIT_NOTE", TODAY, "9", "9.00");
        feed.drain();
    }

    private static LocalDate on(int month, int day) {
        return LocalDate.of(2026, month, day);
    }

    private Answer ask(Question question) {
        return questions.ask(Asker.network("test"), question);
    }

    private static Question of(String metric, String dimension, Window window, Filter... filters) {
        return Question.of(List.of(metric), dimension.isEmpty() ? List.of() : List.of(dimension), window, filters);
    }

    private static @Nullable String value(Answer answer, String key, String metric) {
        return row(answer, key).values().get(metric).value();
    }

    private static Answer.Row row(Answer answer, String label) {
        return answer.rows().stream().filter(row -> row.keys().values().stream().anyMatch(key -> key.label().equals(label))).findFirst().orElseThrow(() -> new AssertionError("no row " + label + " in " + answer.rows()));
    }

    private static @Nullable String total(Answer answer, String metric) {
        return answer.totals().get(metric).value();
    }

    @Test
    @Tag("ANA-02")
    @Tag("ANA-06")
    void kpi01ByRegionAddsUpWithWhatIsNotAllocated() {
        var answer = ask(of("nsv", "region", MTD));
        assertThat(answer.rows()).hasSize(2);
        assertThat(value(answer, "North", "nsv")).isEqualTo("729.28");
        assertThat(value(answer, "South", "nsv")).isEqualTo("612.00");
        assertThat(answer.notAllocated().values().get("nsv").value()).isEqualTo("20.00");
        assertThat(total(answer, "nsv")).isEqualTo("1361.28");
        assertThat(answer.window()).isEqualTo(new Answer.Span(on(11, 1), on(11, 16), "Month to date"));
        assertThat(answer.rows().getFirst().keys().get("region").id()).isEqualTo(Long.toString(north));
    }

    @Test
    void moneyOfAnotherCurrencyIsNeverAddedAndThatIsSaid() {
        var answer = ask(of("nsv", "distributor", MTD));
        assertThat(answer.currency()).isEqualTo("INR");
        assertThat(answer.rows()).hasSize(3);
        assertThat(answer.scope()).isEqualTo("3 distributors; in INR, without London (GBP)");
        var abroad = ask(of("nsv", "", MTD, Filter.in("distributor", Long.toString(pounds))));
        assertThat(abroad.currency()).isEqualTo("GBP");
        assertThat(total(abroad, "nsv")).isEqualTo("9.00");
    }

    @Test
    void kpi04GrowthIsComparedWithTheSameDays() {
        var answer = ask(new Question(List.of("nsv", "nsv-growth"), List.of("distributor"), List.of(), MTD, "SAME_LAST_YEAR", List.of(new Order("nsv-growth", true)), null, null, null));
        assertThat(answer.rows().stream().map(row -> row.keys().get("distributor").label())).containsExactly("D1", "D2", "D3");
        assertThat(row(answer, "D1").values().get("nsv")).isEqualTo(new Answer.Cell("729.28", "300.00", null));
        assertThat(value(answer, "D1", "nsv-growth")).isEqualTo("143.09"); // (729.28 − 300) ÷ 300
        assertThat(value(answer, "D2", "nsv-growth")).isEqualTo("53");
        // INV-11: no rate on nothing, and the total is made again from its parts
        assertThat(row(answer, "D3").values().get("nsv-growth")).isEqualTo(new Answer.Cell(null, null, "NO_COMPARABLE"));
        assertThat(total(answer, "nsv-growth")).isEqualTo("94.47"); // (1361.28 − 700) ÷ 700
        var previous = ask(of("nsv", "", MTD).comparedWith("PREVIOUS"));
        assertThat(previous.rows().getFirst().values().get("nsv")).isEqualTo(new Answer.Cell("1361.28", "69.26", null));
    }

    @Test
    void inv11AComparisonBeforeTheFirstFactsIsUnknownNotZero() {
        var answer = ask(of("nsv", "", Window.of("L3M")).comparedWith("SAME_LAST_YEAR"));
        assertThat(answer.totals().get("nsv")).isEqualTo(new Answer.Cell("99.26", null, "NO_HISTORY"));
        var growth = ask(of("nsv-growth", "", Window.of("L3M")));
        assertThat(growth.totals().get("nsv-growth")).isEqualTo(new Answer.Cell(null, null, "NO_HISTORY"));
    }

    @Test
    void inv11NothingPostedIsZeroButNeverPostedIsUnknown() {
        assertThat(total(ask(of("nsv", "", Window.range("2026-09-01", "2026-09-30"))), "nsv")).isEqualTo("0.00");
        assertThat(ask(of("average-bill", "", Window.range("2026-09-01", "2026-09-30"))).totals().get("average-bill")).isEqualTo(new Answer.Cell(null, null, "NO_BILLS"));
        var silent = world.distributor("Silent" + UUID.randomUUID(), null);
        var questions = new Questions(new NetworkDirectory(world.transactions, CLOCK), new PostgresEngine(world.transactions), CLOCK);
        var answer = questions.ask(new Asker("owner", Set.of(silent), null), of("nsv", "", MTD));
        assertThat(answer.totals().get("nsv")).isEqualTo(new Answer.Cell(null, null, "NO_FACTS"));
        assertThat(answer.freshness().older()).singleElement().extracting(Answer.Older::reason).isEqualTo("NO_FACTS");
    }

    @Test
    void kpi21ActiveOutletsAreDistinctOnTheUnion() {
        var answer = ask(of("active-outlets", "region", MTD));
        assertThat(value(answer, "North", "active-outlets")).isEqualTo("3");
        assertThat(value(answer, "South", "active-outlets")).isEqualTo("1"); // O7 brought everything back
        assertThat(answer.notAllocated().values().get("active-outlets").value()).isEqualTo("2"); // O5 and London's
        assertThat(total(answer, "active-outlets")).isEqualTo("5"); // O1 and O4 are one shop
        assertThat(answer.columns().getLast().additive()).isFalse();
        var bySku = ask(of("active-outlets", "sku", MTD, Filter.in("distributor", Long.toString(d1))));
        assertThat(value(bySku, "S1", "active-outlets")).isEqualTo("2");
        assertThat(total(bySku, "active-outlets")).isEqualTo("3");
    }

    @Test
    void billsAreCountedAgainWhereGoodsAreAskedBy() {
        var place = ask(Question.of(List.of("bills", "average-bill"), List.of("distributor"), MTD));
        assertThat(value(place, "D1", "bills")).isEqualTo("3");
        assertThat(value(place, "D1", "average-bill")).isEqualTo("243.09"); // 729.28 ÷ 3
        assertThat(place.columns().get(1).additive()).isTrue();
        var goods = ask(Question.of(List.of("bills", "nsv"), List.of("sku"), MTD, Filter.in("distributor", Long.toString(d1))));
        assertThat(value(goods, "S1", "bills")).isEqualTo("2");
        assertThat(value(goods, "S2", "bills")).isEqualTo("1");
        assertThat(total(goods, "bills")).isEqualTo("3");
        assertThat(goods.columns().get(1).additive()).isFalse();
        assertThat(total(goods, "nsv")).isEqualTo("729.28");
    }

    @Test
    @Tag("ANA-01")
    void primaryStandsBesideSecondary() {
        var answer = ask(Question.of(List.of("nsv", "primary-value", "volume"), List.of("category"), MTD, Filter.in("distributor", Long.toString(d1))));
        assertThat(value(answer, "Biscuits", "primary-value")).isEqualTo("3298.00");
        assertThat(value(answer, "Biscuits", "nsv")).isEqualTo("629.28");
        assertThat(value(answer, "Biscuits", "volume")).isEqualTo("17");
        assertThat(value(answer, "Noodles", "primary-value")).isEqualTo("0.00");
        assertThat(total(answer, "nsv")).isEqualTo("729.28");
    }

    @Test
    @Tag("ANA-06")
    void placesChannelsAndBeatsFilterTogether() {
        var beats = ask(of("nsv", "beat", MTD, Filter.in("distributor", Long.toString(d1))));
        assertThat(value(beats, "B1", "nsv")).isEqualTo("579.28");
        assertThat(beats.notAllocated().values().get("nsv").value()).isEqualTo("150.00");
        var loose = ask(of("nsv", "outlet", MTD, Filter.in("beat", Dimension.NOT_ALLOCATED), Filter.in("distributor", Long.toString(d1))));
        assertThat(loose.rows()).singleElement().extracting(row -> row.keys().get("outlet").label()).isEqualTo("O3");
        assertThat(total(ask(of("nsv", "", MTD, Filter.in("channel", "GROCER"), Filter.in("region", Long.toString(north)))), "nsv")).isEqualTo("596.30");
        assertThat(total(ask(of("nsv", "", MTD, Filter.in("principal", Long.toString(q)))), "nsv")).isEqualTo("150.00");
        assertThat(total(ask(of("nsv", "", MTD, Filter.in("region", Dimension.NOT_ALLOCATED))), "nsv")).isEqualTo("20.00");
    }

    @Test
    void timeIsWholeEvenWhereNothingWasSold() {
        var months = ask(of("nsv", "month", new Window("MONTHS_TO_DATE", null, null, 13)));
        assertThat(months.rows()).hasSize(13);
        assertThat(value(months, "2025-11", "nsv")).isEqualTo("1700.00");
        assertThat(value(months, "2026-03", "nsv")).isEqualTo("0.00");
        assertThat(value(months, "2026-11", "nsv")).isEqualTo("1361.28");
        assertThat(months.rows().getFirst().drill().dimensions()).containsExactly("day");
        var days = ask(of("nsv", "day", new Window("LAST_N_DAYS", null, null, 7)));
        assertThat(days.rows()).hasSize(7);
        var compared = ask(of("nsv", "month", MTD).comparedWith("SAME_LAST_YEAR"));
        assertThat(row(compared, "2026-11").values().get("nsv")).isEqualTo(new Answer.Cell("1361.28", "700.00", null));
    }

    @Test
    @Tag("STK-17") @Tag("STK-19")
    void kpi37StockCoverAndItsEdges() {
        var answer = ask(Question.of(List.of("stock-cover", "stock-quantity", "stock-value"), List.of("distributor", "sku"), Window.of("NOW")));
        var d1s1 = answer.rows().stream().filter(row -> row.keys().get("distributor").label().equals("D1") && row.keys().get("sku").label().equals("S1")).findFirst().orElseThrow();
        assertThat(d1s1.values().get("stock-quantity").value()).isEqualTo("34"); // damaged pieces are no cover
        assertThat(d1s1.values().get("stock-value").value()).isEqualTo("1121.40"); // 30 × 32.98 + 4 × 33
        assertThat(d1s1.values().get("stock-cover").value()).isEqualTo("180"); // 34 ÷ (17 ÷ 90)
        assertThat(cover(answer, "D1", "S4")).isEqualTo(new Answer.Cell(null, null, "NON_MOVING"));
        assertThat(cover(answer, "D2", "S2")).isEqualTo(new Answer.Cell(null, null, "NEW_SKU"));
        assertThat(cover(answer, "D2", "S1").value()).isEqualTo("0"); // sold, and nothing left
        // D1: (34 S1 + 7 S4) ÷ ((17 S1 + 5 S2 + 3 S3) ÷ 90), both added before they are divided
        assertThat(value(ask(of("stock-cover", "distributor", Window.of("NOW"))), "D1", "stock-cover")).isEqualTo("147.6");
    }

    private static Answer.Cell cover(Answer answer, String distributor, String sku) {
        return answer.rows().stream().filter(row -> row.keys().get("distributor").label().equals(distributor) && row.keys().get("sku").label().equals(sku))
                .findFirst().orElseThrow().values().get("stock-cover");
    }

    @Test
    void kpi52AgeingByDaysPastDue() {
        var metrics = List.of("receivable", "not-due", "due-1-7", "due-8-15", "due-16-30", "due-31-60", "due-61-90", "due-91-180", "due-over-180", "unallocated-credits", "overdue", "overdue-share");
        var answer = ask(Question.of(metrics, List.of("distributor"), Window.of("NOW")));
        var d1Row = row(answer, "D1").values();
        assertThat(d1Row.get("receivable").value()).isEqualTo("192.00");
        assertThat(d1Row.get("not-due").value()).isEqualTo("100.00");
        assertThat(d1Row.get("due-1-7").value()).isEqualTo("70.00");
        assertThat(d1Row.get("due-8-15").value()).isEqualTo("10.00");
        assertThat(d1Row.get("due-31-60").value()).isEqualTo("5.00");
        assertThat(d1Row.get("due-over-180").value()).isEqualTo("7.00");
        assertThat(d1Row.get("unallocated-credits").value()).isEqualTo("30.00");
        assertThat(d1Row.get("overdue").value()).isEqualTo("92.00");
        assertThat(d1Row.get("overdue-share").value()).isEqualTo("47.92"); // KPI-53: 92 ÷ 192
        var d2Row = row(answer, "D2").values();
        assertThat(d2Row.get("due-61-90").value()).isEqualTo("60.00");
        assertThat(d2Row.get("due-91-180").value()).isEqualTo("40.00");
        assertThat(row(answer, "D3").values().get("overdue-share")).isEqualTo(new Answer.Cell(null, null, "NOTHING_OWED"));
        assertThat(total(answer, "overdue-share")).isEqualTo("65.75"); // 192 ÷ 292, not the mean of the shares
        assertThat(answer.totals().get("receivable").value()).isEqualTo("292.00");
        var buckets = ask(of("receivable", "ageing-bucket", Window.of("NOW")));
        assertThat(buckets.rows().stream().map(row -> row.keys().get("ageing-bucket").id())).containsExactly("not-due", "1-7", "8-15", "31-60", "61-90", "91-180", "over-180");
    }

    @Test
    void statesHaveNoPastToCompareWith() {
        var answer = ask(Question.of(List.of("nsv", "receivable"), List.of(), MTD).comparedWith("PREVIOUS"));
        assertThat(answer.totals().get("receivable")).isEqualTo(new Answer.Cell("292.00", null, "NO_PAST"));
        assertThat(answer.totals().get("nsv").compare()).isEqualTo("69.26");
    }

    @Test
    @Tag("ANA-06")
    void everyCellOpensDownToItsDocumentsAndPartsAddUp() {
        for (var metric : List.of("nsv", "receivable", "bills", "volume", "overdue", "unallocated-credits")) {
            var top = ask(Question.of(List.of(metric), List.of("region"), MTD));
            assertThat(descend(top, MTD, 0)).as(metric).isEqualTo(6);
        }
        for (var metric : List.of("nsv", "stock-value", "primary-value", "volume")) {
            var top = ask(Question.of(List.of(metric), List.of("category"), MTD));
            descend(top, MTD, 0);
        }
    }

    /// Follows every drill of every row, and checks the parts against the whole.
    private int descend(Answer answer, Window window, int depth) {
        var metric = answer.columns().getLast().id();
        var sum = answer.rows().stream().map(row -> new BigDecimal(row.values().get(metric).value())).reduce(BigDecimal.ZERO, BigDecimal::add);
        if (answer.notAllocated() != null) sum = sum.add(new BigDecimal(answer.notAllocated().values().get(metric).value()));
        assertThat(sum).as("parts of " + metric + " at depth " + depth).isEqualByComparingTo(total(answer, metric));
        int deepest = depth + 1;
        for (var row : answer.rows()) {
            var drill = row.drill();
            if (drill == null || drill.document() != null) continue;
            var below = ask(new Question(drill.metrics(), drill.dimensions(), drill.filters(), window, null, List.of(), 1000, null, null));
            assertThat(new BigDecimal(total(below, metric))).as("below " + row.keys()).isEqualByComparingTo(row.values().get(metric).value());
            deepest = Math.max(deepest, descend(below, window, depth + 1));
        }
        return deepest;
    }

    @Test
    @Tag("ANA-06")
    void theEndOfTheDrillIsTheDocument() {
        var answer = ask(of("nsv", "invoice", MTD, Filter.in("outlet", o4.toString())));
        assertThat(answer.rows()).hasSize(2);
        var drill = answer.rows().getFirst().drill();
        assertThat(drill.document().type()).isEqualTo("INVOICE");
        assertThat(drill.document().distributorId()).isEqualTo(d2);
        assertThat(answer.rows().getLast().drill().document().type()).isEqualTo("CREDIT_NOTE");
        assertThat(total(answer, "nsv")).isEqualTo("612.00");
        var lines = ask(Question.of(List.of("nsv", "volume"), List.of("invoice", "sku"), MTD, Filter.in("outlet", o1.toString())));
        assertThat(lines.rows()).hasSize(2);
        assertThat(total(lines, "nsv")).isEqualTo("446.30");
    }

    @Test
    void aTileOpensBelowItsFiltersAndAMetricThatCannotFollowStaysBehind() {
        assertThat(ask(of("nsv", "", MTD)).rows().getFirst().drill().dimensions()).containsExactly("region");
        var tile = ask(of("nsv", "", MTD, Filter.in("distributor", Long.toString(d1))));
        assertThat(tile.rows().getFirst().drill().dimensions()).containsExactly("beat");
        var both = ask(Question.of(List.of("nsv", "stock-cover"), List.of("distributor"), MTD));
        assertThat(both.rows().getFirst().drill().metrics()).containsExactly("nsv");
        assertThat(ask(of("stock-cover", "distributor", Window.of("NOW"))).rows().getFirst().drill().dimensions()).containsExactly("category");
        var owner = questions.ask(new Asker("owner", Set.of(d1), null), of("nsv", "", MTD));
        assertThat(owner.rows().getFirst().drill().dimensions()).containsExactly("beat");
        assertThat(owner.scope()).isEqualTo("D1");
    }

    @Test
    void pagesFollowOneAnotherAndTotalsAreOfTheWhole() {
        var first = ask(of("nsv", "distributor", MTD).page(2, null));
        assertThat(first.rows()).hasSize(2);
        assertThat(first.count()).isEqualTo(3);
        assertThat(total(first, "nsv")).isEqualTo("1361.28");
        var second = ask(of("nsv", "distributor", MTD).page(2, first.next()));
        assertThat(second.rows()).singleElement().extracting(row -> row.keys().get("distributor").label()).isEqualTo("D3");
        assertThat(second.next()).isNull();
        assertThat(refused(of("nsv", "region", MTD).page(2, first.next())).code().name()).isEqualTo("CURSOR_INVALID");
    }

    @Test
    @Tag("ANA-19")
    void freshnessNamesWhoIsOlder() {
        var answer = ask(of("nsv", "region", MTD));
        assertThat(answer.freshness().distributors()).isEqualTo(3);
        assertThat(answer.freshness().asOf()).isEqualTo(Instant.parse("2026-11-16T06:00:00Z"));
        assertThat(answer.freshness().older()).extracting(Answer.Older::code).contains("D1"); // its last event is a cancellation days before D3's
        assertThat(answer.freshness().older()).extracting(Answer.Older::reason).containsOnly("QUIET");
    }

    @Test
    void refusalsNameThePlaceAndWhatIsAccepted() {
        assertThat(refused(of("nvs", "region", MTD)).errors()).singleElement().satisfies(fault -> {
            assertThat(fault.pointer()).isEqualTo("/metrics/0");
            assertThat(fault.accepted()).asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST).contains("nsv", "stock-cover");
        });
        assertThat(refused(of("nsv", "planet", MTD)).errors().getFirst().pointer()).isEqualTo("/dimensions/0");
        var combination = refused(of("stock-cover", "outlet", MTD));
        assertThat(combination.detail()).contains("stock-cover cannot be asked by outlet");
        assertThat(combination.errors().getFirst().accepted()).isEqualTo(List.of("region", "territory", "distributor", "category", "brand", "sku", "principal", "tier", "super-stockist"));
        assertThat(refused(of("nsv", "region", Window.of("FOREVER"))).errors().getFirst().pointer()).isEqualTo("/window/kind");
        assertThat(refused(of("nsv", "region", Window.of("NOW"))).errors().getFirst().pointer()).isEqualTo("/window/kind");
        assertThat(refused(of("nsv", "region", Window.range("2026-11-02", "2026-11-01"))).errors().getFirst().pointer()).isEqualTo("/window/to");
        assertThat(refused(of("nsv", "region", MTD, Filter.in("distributor", "x' or true --"))).errors().getFirst().pointer()).isEqualTo("/filters/0/values/0");
        assertThat(refused(of("nsv", "region", Window.range("+999999999-01-01", "2026-11-01"))).errors().getFirst().pointer()).isEqualTo("/window/from");
        assertThat(refused(of("nsv", "region", MTD, Filter.in("day", "-0044-03-15"))).errors().getFirst().pointer()).isEqualTo("/filters/0/values/0");
        assertThat(refused(of("nsv", "region", MTD, Filter.in("channel", "\ud800"))).errors().getFirst().pointer()).isEqualTo("/filters/0/values/0");
        assertThat(refused(of("nsv", "region", MTD).page(5000, null)).errors().getFirst().pointer()).isEqualTo("/limit");
        assertThat(refused(new Question(List.of("nsv"), List.of("region"), List.of(), MTD, null, List.of(new Order("volume", true)), null, null, null)).errors().getFirst().accepted()).isEqualTo(List.of("nsv", "region"));
        assertThat(refused(of("nsv", "region", MTD).comparedWith("LAST_LIFE")).errors().getFirst().pointer()).isEqualTo("/compare");
    }

    private io.offtake.platform.Problem refused(Question question) {
        return catchThrowableOfType(ProblemException.class, () -> ask(question)).problem();
    }

    @Test
    void whatIsOutsideOfTheScopeDoesNotExist() {
        var owner = new Asker("owner", Set.of(d1), null);
        assertThat(questions.ask(owner, of("nsv", "distributor", MTD)).rows()).singleElement().extracting(row -> row.keys().get("distributor").label()).isEqualTo("D1");
        var other = questions.ask(owner, of("nsv", "outlet", MTD, Filter.in("distributor", Long.toString(d2))));
        assertThat(other.rows()).isEmpty();
        assertThat(other.totals().get("nsv")).isEqualTo(new Answer.Cell(null, null, "NO_FACTS"));
        assertThat(questions.ask(owner, of("nsv", "outlet", MTD, Filter.in("outlet", o4.toString()))).rows()).isEmpty();
        var walled = new Asker("principal", null, Set.of(q));
        assertThat(total(questions.ask(walled, of("nsv", "", MTD)), "nsv")).isEqualTo("150.00");
        assertThat(total(questions.ask(walled, of("nsv", "", MTD, Filter.in("principal", Long.toString(p)))), "nsv")).isEqualTo("0.00");
    }

    @Test
    void aShopsNameIsNeverRunAsSql() {
        world.outlet(d1, "x'; drop table insight.sales_daily; --", null, "GROCER", "A");
        assertThat(total(ask(of("nsv", "", MTD, Filter.in("channel", "'; drop table insight.sales_daily; --"))), "nsv")).isEqualTo("0.00");
        assertThat(total(ask(of("nsv", "", MTD)), "nsv")).isEqualTo("1361.28");
    }
}
