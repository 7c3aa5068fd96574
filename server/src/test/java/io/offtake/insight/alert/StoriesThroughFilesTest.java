package io.offtake.insight.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.Caller;
import io.offtake.access.Role;
import io.offtake.exchange.FactFeeds;
import io.offtake.insight.alert.AlertSearchTest.Network;
import io.offtake.insight.alert.AlertSearchTest.Story;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.testing.Fixture;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.json.JsonMapper;

/// The planted stories again, the whole way: twenty months of twelve distributors are sent as files of the data contract, become
/// facts, and the alerts are looked for on the questions' own answers, month after month.
@ServerTest
@Tag("ANA-14")
@Tag("STK-28")
class StoriesThroughFilesTest {
    private static final int SEEDS = Integer.getInteger("stories.through", 1);
    /// After so many minutes no further seed is begun.
    private static final long MINUTES = Long.getLong("stories.minutes", 600);
    private static final int FROM = Integer.getInteger("stories.from", 0);
    private static final BigDecimal PRICE = new BigDecimal("34.63");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Autowired TenantTransaction transactions;
    @Autowired FactFeeds feeds;
    @Autowired Alerts alerts;
    @Autowired Clock clock;

    @Test
    void plantedStoriesAreFoundFromFilesToAlerts() throws IOException {
        var today = LocalDate.now(clock);
        var told = new EnumMap<Story, int[]>(Story.class);
        int falseAlerts = 0;
        int clean = 0;
        var report = "";
        long began = System.nanoTime();
        for (int seed = 1; seed <= SEEDS; seed++) {
            var series = new Network((FROM + seed) * 7919);
            var network = new Fixture(transactions, today);
            // goods whose rate of tax nobody else of the shared database changes
            transactions.shared(db -> db.sql("update catalog.sku set hsn = '99887766' where principal_id = ?").param(network.principal).update());
            var ids = new HashMap<Long, Long>();
            var territories = new HashMap<String, Long>();
            for (var territory : new HashSet<>(series.territories.values())) {
                territories.put(territory, transactions.<Long>shared(db -> db.sql("insert into network.territory (code, name, kind) values (?, ?, 'TERRITORY') returning id").params(territory + network.tag, territory + network.tag).query(Long.class).single()));
            }
            for (var story : series.stories.entrySet()) {
                var to = network.distributor("ST" + story.getKey());
                ids.put(story.getKey(), to.id());
                transactions.shared(db -> db.sql("update network.distributor set territory_id = ? where id = ?").params(territories.get(series.territories.get(story.getKey())), to.id()).update());
                send(to, series, story.getKey(), story.getValue() == Story.LATE, today);
            }
            for (int back = 3; back >= 0; back--) alerts.evaluate(today.minusMonths(back), Set.copyOf(ids.values()));
            for (var story : series.stories.entrySet()) {
                long id = ids.get(story.getKey());
                var found = transactions.read(RowScope.of(id), db -> db.sql("select rule from insight.alert where distributor_id = ?").param(id).query(String.class).list());
                var rule = AlertSearchTest.RULE.get(story.getValue());
                if (rule == null) {
                    clean++;
                    falseAlerts += found.size();
                    continue;
                }
                var count = told.computeIfAbsent(story.getValue(), _ -> new int[2]);
                count[1]++;
                if (found.contains(rule)) count[0]++;
            }
            report = report(told, falseAlerts, clean, seed);
            Files.writeString(Path.of("target/stories-through.txt"), report);
            if (System.nanoTime() - began > MINUTES * 60_000_000_000L) break;
        }
        var counted = report;
        told.forEach((story, count) -> assertThat(count[0] / (double) count[1]).as(story + "\n" + counted).isGreaterThanOrEqualTo(0.9));
        // at most one for each clean distributor and year; four months were looked at
        assertThat(falseAlerts * 3).as(counted).isLessThanOrEqualTo(clean);
    }

    private static String report(Map<Story, int[]> told, int falseAlerts, int clean, int seeds) {
        var report = new StringBuilder();
        told.forEach((story, count) -> report.append(story).append(": ").append(count[0]).append(" of ").append(count[1]).append(" found\n"));
        return report.append(falseAlerts).append(" false alerts at ").append(clean).append(" clean distributors in four months of looking\n").append(seeds).append(" seeds from ").append(FROM).append(", from files of the data contract to alerts\n").toString();
    }

    /// Three bills and a receipt a month, and a bill every working day of the month that runs.
    private void send(Fixture.Distributor to, Network series, long number, boolean late, LocalDate today) {
        var system = new Caller(0, "feed", "Feed", EnumSet.of(Role.COE), RowScope.of(to.id()), "en");
        var code = transactions.<String>shared(db -> db.sql("select code from network.distributor where id = ?").param(to.id()).query(String.class).single());
        feeds.agree(system, to.id(), "BUSY", "Busy", List.of("FC-1", "FC-4"), "23:59", "SILVER", today.plusDays(1));
        feeds.map(system, to.id(), "BUSY", Map.of("A", "O1", "B", "O2"), Map.of("SOAP", "S1"));
        var shift = java.time.temporal.ChronoUnit.MONTHS.between(AlertSearchTest.LAST, YearMonth.from(today).minusMonths(1));
        for (var month : series.months.get(number).entrySet()) {
            var on = month.getKey().plusMonths(shift);
            int sold = pieces(month.getValue()[0]);
            // and one on the eve of the day of the month on which alerts are looked for, so that a month that was is not silent
            var days = new java.util.TreeSet<>(List.of(on.atDay(6), on.atDay(17), on.atDay(Math.clamp(today.getDayOfMonth() - 1, 1, on.lengthOfMonth()))));
            var bills = new ArrayList<Map<String, Object>>();
            for (var one : days) bills.add(bill(one, bills.size() % 2 == 0 ? "A" : "B", one.equals(days.last()) ? sold - sold / days.size() * (days.size() - 1) : sold / days.size()));
            accepted(system, batch(code, "FC-1", on.atDay(1), on.atEndOfMonth(), bills));
            int bought = pieces(month.getValue()[1]);
            accepted(system, batch(code, "FC-4", on.atDay(1), on.atEndOfMonth(), List.of(Map.of("invoice_no", "P" + on, "grn_date", on.atDay(4).toString(), "sku_ext_id", "SOAP", "batch", "B1", "billed", bought, "received", bought, "short", 0, "damaged", 0))));
        }
        var daily = new ArrayList<Map<String, Object>>();
        int day = pieces(series.months.get(number).lastEntry().getValue()[0] / 25);
        var first = today.minusDays(14);
        var last = late ? today.minusDays(9) : today.minusDays(1);
        for (var on = first; !on.isAfter(last); on = on.plusDays(1)) if (on.getDayOfWeek() != DayOfWeek.SUNDAY && YearMonth.from(on).equals(YearMonth.from(today))) daily.add(bill(on, on.getDayOfMonth() % 2 == 0 ? "A" : "B", day));
        if (!daily.isEmpty()) accepted(system, batch(code, "FC-1", today.withDayOfMonth(1), today.minusDays(1), daily));
    }

    private void accepted(Caller system, String batch) {
        var answer = feeds.receive(system, batch, null);
        assertThat(answer.state()).as(() -> answer + " of " + batch).isEqualTo("ACCEPTED");
    }

    private static int pieces(double value) {
        return (int) Math.max(2, Math.round(value / PRICE.doubleValue()));
    }

    private static Map<String, Object> bill(LocalDate day, String outlet, int qty) {
        var taxable = PRICE.multiply(BigDecimal.valueOf(qty));
        var half = taxable.multiply(new BigDecimal("0.025")).setScale(2, RoundingMode.HALF_UP);
        return Map.ofEntries(Map.entry("doc_no", "B" + day.toString().replace("-", "")), Map.entry("doc_type", "INV"), Map.entry("doc_date", day.toString()), Map.entry("outlet_ext_id", outlet), Map.entry("line_no", 1),
                Map.entry("sku_ext_id", "SOAP"), Map.entry("mrp", "40"), Map.entry("uom", "UNIT"), Map.entry("qty_billed", qty), Map.entry("qty_free", 0), Map.entry("base_qty", qty), Map.entry("list_price", PRICE.toPlainString()),
                Map.entry("line_disc", "0"), Map.entry("schemes", List.of()), Map.entry("bill_disc_share", "0"), Map.entry("taxable", taxable.toPlainString()),
                Map.entry("tax", Map.of("cgst", half.toPlainString(), "sgst", half.toPlainString())), Map.entry("total", taxable.add(half).add(half).toPlainString()), Map.entry("cancelled_flag", false));
    }

    private static String batch(String code, String type, LocalDate from, LocalDate to, List<Map<String, Object>> records) {
        var totals = new LinkedHashMap<String, String>();
        totals.put("qty", sum(records, type.equals("FC-1") ? "base_qty" : "received"));
        totals.put("net", sum(records, "taxable"));
        totals.put("gross", sum(records, "total"));
        var tax = BigDecimal.ZERO;
        for (var record : records) if (record.get("tax") instanceof Map<?, ?> heads) for (var head : heads.values()) tax = tax.add(new BigDecimal(head.toString()));
        totals.put("tax", tax.toPlainString());
        return JSON.writeValueAsString(Map.ofEntries(Map.entry("contract_version", "1.0"), Map.entry("source_system", "BUSY"), Map.entry("distributor_id", code), Map.entry("batch_id", UUID.randomUUID().toString()),
                Map.entry("record_type", type), Map.entry("period", Map.of("from", from.toString(), "to", to.toString())), Map.entry("record_count", records.size()), Map.entry("control_totals", totals),
                Map.entry("generated_at", "2026-01-01T00:00:00Z"), Map.entry("mode", "delta"), Map.entry("records", records)));
    }

    private static String sum(List<Map<String, Object>> records, String field) {
        var sum = BigDecimal.ZERO;
        for (var record : records) if (record.get(field) != null) sum = sum.add(new BigDecimal(record.get(field).toString()));
        return sum.toPlainString();
    }
}
