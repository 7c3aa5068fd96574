package io.offtake.sync.app;

import io.offtake.billing.Billing;
import io.offtake.network.Printed;
import io.offtake.platform.Documents;
import io.offtake.platform.Fingerprint;
import io.offtake.platform.Pipeline;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.pricing.BookArchive;
import io.offtake.pricing.RuleBookSource;
import io.offtake.rules.Scheme;
import io.offtake.schemes.SchemeBudgets;
import io.offtake.schemes.SchemeStanding;
import io.offtake.schemes.SchemeTerms;
import io.offtake.sync.store.SnapshotRows;
import io.offtake.tax.OfflineIssues;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

/// What a device holds, group by group, in the order in which it is needed (UX section 4.3).
@Service
public class Snapshots {
    public static final List<String> GROUPS = List.of("must", "soon", "later");

    /// Whole bills that a device holds, to be printed again or credited without a network.
    private static final int PAPERS = 200;

    private final TenantTransaction transactions;
    private final RuleBookSource books;
    private final SchemeBudgets budgets;
    private final BookArchive archive;
    private final Billing billing;
    private final Devices devices;
    private final JsonMapper json;
    private final Clock clock;

    Snapshots(TenantTransaction transactions, RuleBookSource books, SchemeBudgets budgets, BookArchive archive, Billing billing, Devices devices, JsonMapper json, Clock clock) {
        this.transactions = transactions;
        this.books = books;
        this.budgets = budgets;
        this.archive = archive;
        this.billing = billing;
        this.devices = devices;
        this.json = json;
        this.clock = clock;
    }

    /// @param etag of the rows alone: neither the head's time nor the parts a device holds change it
    public record Snapshot(String etag, byte[] body) {}

    /// Reads one group of one distributor in one transaction.
    /// @param held names of the parts of the rule book that the device has ([BookPart#name]); they are named, not sent again
    public Snapshot take(RowScope scope, long distributorId, String group, Set<String> held) {
        var rows = new ByteArrayOutputStream(256 * 1024);
        var digest = digest();
        var counts = new LinkedHashMap<String, Integer>();
        var read = read(scope, distributorId, group, held, (type, row) -> {
            // whole bills are for clients that follow changes
            if (type.equals("paper")) return;
            counts.merge(type, 1, Integer::sum);
            var line = ("{\"t\":\"" + type + "\",\"r\":" + row + "}\n").getBytes(StandardCharsets.UTF_8);
            // The same group has one ETag, whatever parts of the book a device holds already.
            if (!type.equals("rulebook")) digest.update(line);
            rows.writeBytes(line);
        });
        if (read.bookHash != null) digest.update(read.bookHash.getBytes(StandardCharsets.UTF_8));
        var head = new LinkedHashMap<String, Object>();
        head.put("t", "head");
        head.put("group", group);
        head.put("cursor", read.cursor);
        head.put("asOf", clock.instant());
        head.put("counts", counts);
        var count = counts.values().stream().mapToInt(Integer::intValue).sum();
        var body = new ByteArrayOutputStream(rows.size() + 512);
        body.writeBytes(json.writeValueAsBytes(head));
        body.write('\n');
        body.writeBytes(rows.toByteArray());
        body.writeBytes(json.writeValueAsBytes(Map.of("t", "end", "rows", count)));
        body.write('\n');
        return new Snapshot("\"" + HexFormat.of().formatHex(digest.digest(), 0, 16) + "\"", body.toByteArray());
    }

    /// @param bookHash of the rule book that was sent, null where the group has none
    record Read(String cursor, @Nullable String bookHash) {}

    /// Reads the rows of a group in one transaction. A book that devices decide with is kept, so that what they decided with it can be
    /// decided again here (OFF-10).
    Read read(RowScope scope, long distributorId, String group, Set<String> held, SnapshotRows.Sink sink) {
        var confined = new RowScope(Set.of(distributorId), scope.principals());
        var book = books.current(distributorId);
        var reach = group.equals("soon") ? budgets.reach(distributorId, SchemeStanding.totals(book.book())) : Map.<Long, BigDecimal>of();
        if (group.equals("must") && !archive.holds(book.hash())) archive.keep(book);
        return transactions.<Read>readOn(confined, connection -> {
            var load = new Pipeline();
            var seller = Printed.seller(load, distributorId);
            var territories = Printed.territories(load, distributorId);
            load.run(connection);
            var asks = SchemeTerms.of(book.hash(), book.book());
            var found = seller.get().orElseThrow();
            var today = LocalDate.now(clock.withZone(found.zone()));
            var db = JdbcClient.create(new SingleConnectionDataSource(connection, true));
            var policy = devices.policy(db, distributorId, today);
            var source = new SnapshotRows(connection, distributorId, today);
            switch (group) {
                case "must" -> {
                    var issues = OfflineIssues.of(db, distributorId, found.taxRegime(), today);
                    source.context(sink, Documents.fiscalYear(today), Fingerprint.json(policy), Fingerprint.json(Map.of("b2c", issues.consumer(), "b2b", issues.registered(), "windowHours", OfflineIssues.WINDOW_HOURS)),
                            Fingerprint.json(territories.get()));
                    sink.row("rulebook", ruleBook(book, held));
                    source.skus(sink);
                    source.outlets(sink, asks.asks(SchemeTerms.Asks.FIRST_ORDER), asks.asks(SchemeTerms.Asks.MSL));
                }
                case "soon" -> {
                    source.batches(sink);
                    source.orders(sink);
                    source.bills(sink);
                    // the days for which the counter may date a bill, as the context's policy says
                    var standing = new Pipeline();
                    var schemes = SchemeStanding.of(standing, distributorId, book.book(), today.minusDays(policy.backdateDays()).datesUntil(today.plusDays(1)).toList(), reach);
                    standing.run(connection);
                    int sharing = Math.max(1, source.activeDevices());
                    for (var limit : schemes.get().limits()) sink.row("limit", Fingerprint.json(share(limit, sharing)));
                    for (var accrual : schemes.get().accruals()) sink.row("accrual", Fingerprint.json(accrual));
                }
                default -> {
                    source.recent(sink);
                    source.documents(sink);
                    var ids = source.papers(PAPERS);
                    var bills = billing.read(confined, distributorId, ids);
                    var returned = source.returned(ids);
                    for (var id : ids) {
                        if (!bills.containsKey(id)) continue;
                        var bill = json.writeValueAsString(bills.get(id));
                        // what has come back cannot be credited a second time, without a network either (PX-41)
                        sink.row("paper", returned.containsKey(id) ? bill.substring(0, bill.length() - 1) + ",\"returned\":" + returned.get(id) + "}" : bill);
                    }
                }
            }
            return new Read(source.cursor(), group.equals("must") ? book.hash() : null);
        });
    }

    /// A device's part of what is left: several that work alone at once must not each give away the whole rest (OFF-11).
    private static SchemeStanding.LimitRow share(SchemeStanding.LimitRow limit, int devices) {
        if (devices == 1 || limit.scope() == Scheme.Scope.OUTLET) return limit;
        return new SchemeStanding.LimitRow(limit.schemeId(), limit.scope(), limit.outletId(), limit.period(), part(limit.amount(), devices, true), part(limit.freeQty(), devices, false),
                limit.times() == null ? null : limit.times() / devices);
    }

    private static @Nullable String part(@Nullable String whole, int devices, boolean money) {
        if (whole == null) return null;
        var value = new BigDecimal(whole);
        return value.divide(BigDecimal.valueOf(devices), money ? value.scale() : 0, RoundingMode.DOWN).toPlainString();
    }

    private static String ruleBook(RuleBookSource.Snapshot book, Set<String> held) {
        var text = new StringBuilder(64 * 1024).append("{\"hash\":\"").append(book.hash()).append("\",\"parts\":[");
        boolean first = true;
        for (var part : book.parts()) {
            text.append(first ? "" : ",").append("{\"section\":\"").append(part.section()).append("\",\"name\":\"").append(part.name()).append('"');
            if (!held.contains(part.name())) text.append(",\"rows\":").append(part.text());
            text.append('}');
            first = false;
        }
        return text.append("]}").toString();
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
