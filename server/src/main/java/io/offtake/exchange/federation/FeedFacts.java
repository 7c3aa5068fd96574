package io.offtake.exchange.federation;

import io.offtake.exchange.federation.FeedStore.Current;
import io.offtake.insight.FactsGate;
import io.offtake.platform.TenantTransaction;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/// Makes facts of accepted records: whole documents again, so that a correction, a cancellation and a late mapping need no
/// arithmetic of their own.
@Component
class FeedFacts {
    private static final Logger LOG = LoggerFactory.getLogger(FeedFacts.class);

    private final FeedStore store;
    private final FactsGate gate;
    private final TenantTransaction transactions;

    FeedFacts(FeedStore store, FactsGate gate, TenantTransaction transactions) {
        this.store = store;
        this.gate = gate;
        this.transactions = transactions;
    }

    /// @param docs whose records changed
    /// @param days of snapshots that changed
    void write(long distributor, String system, RecordType type, Set<String> docs, Set<LocalDate> days) {
        switch (type) {
            case SALES_LINE -> gate.sales(distributor, sales(distributor, system, docs));
            case PRIMARY -> gate.primary(distributor, receipts(distributor, system, docs));
            // movements are held against stock (11.4), outlets against the registry, which changes by request only: they stay records
            case MOVEMENT, OUTLET -> { }
            case ACTIVITY -> {
                var current = store.ofDocs(distributor, system, type, docs);
                var orders = orders(distributor, system, current);
                if (!orders.isEmpty()) gate.orders(distributor, orders);
                var visits = visits(distributor, system, current);
                if (!visits.isEmpty()) gate.visits(distributor, visits);
            }
            case STOCK -> days.forEach(day -> snapshot(distributor, day, () -> gate.stock(distributor, day, stock(distributor, system, day))));
            case RECEIVABLE -> days.forEach(day -> snapshot(distributor, day, () -> gate.receivables(distributor, day, items(distributor, system, day))));
        }
    }

    /// A snapshot of a day before one that is known already stays a record: facts hold the latest.
    private static void snapshot(long distributor, LocalDate day, Runnable write) {
        try {
            write.run();
        } catch (IllegalArgumentException later) {
            LOG.info("The snapshot of {} of distributor {} is older than the facts: {}", day, distributor, later.getMessage());
        }
    }

    /// Base units of the billed quantity.
    static BigDecimal base(JsonNode body) {
        return Fields.decimalOrZero(body.path("base_qty"));
    }

    /// Base units of the free quantity, which is written in the unit of the billed one.
    static BigDecimal free(JsonNode body) {
        var billed = Fields.decimalOrZero(body.path("qty_billed"));
        var free = Fields.decimalOrZero(body.path("qty_free"));
        return billed.signum() == 0 ? free : free.multiply(base(body)).divide(billed, 3, RoundingMode.HALF_UP);
    }

    private Map<Long, RecordCheck.Sku> skus(long distributor, Collection<Current> of) {
        var ids = new HashSet<Long>();
        for (var one : of) if (one.sku() != null) ids.add(one.sku());
        return transactions.shared(db -> FeedStore.skus(db, distributor, ids, LocalDate.EPOCH));
    }

    private static UUID id(long distributor, String system, RecordType type, String doc, long principal) {
        return UUID.nameUUIDFromBytes((distributor + "|" + system + "|" + type.code() + "|" + doc + "|" + principal).getBytes(StandardCharsets.UTF_8));
    }

    /// One document of one principal, as facts know it.
    private record Doc(String doc, long principal) {}

    private static Map<Doc, List<Current>> byDoc(List<Current> current, Map<Long, RecordCheck.Sku> skus) {
        var all = new LinkedHashMap<Doc, List<Current>>();
        for (var one : current) {
            if (one.sku() == null || skus.get(one.sku()) == null) continue;
            all.computeIfAbsent(new Doc(one.doc(), skus.get(one.sku()).principalId()), _ -> new ArrayList<>()).add(one);
        }
        return all;
    }

    private static FactsGate.Quality quality(List<Current> lines) {
        return lines.stream().anyMatch(Current::suspect) ? FactsGate.Quality.SUSPECT : FactsGate.Quality.OK;
    }

    /// Financial credit notes are trade spend, not negative sales (KPI-01).
    private List<FactsGate.Sale> sales(long distributor, String system, Set<String> docs) {
        var current = store.ofDocs(distributor, system, RecordType.SALES_LINE, docs).stream().filter(one -> one.outlet() != null).toList();
        var sales = new ArrayList<FactsGate.Sale>();
        byDoc(current, skus(distributor, current)).forEach((doc, all) -> {
            var lines = all.stream().filter(line -> !line.cancelled()).toList();
            boolean cancelled = lines.isEmpty();
            var of = cancelled ? all : lines;
            var head = of.getFirst();
            var payable = of.stream().map(line -> Fields.decimalOrZero(line.body().path("total"))).reduce(BigDecimal.ZERO, BigDecimal::add);
            var kind = switch (Fields.text(head.body().path("doc_type"))) {
                case "CN" -> FactsGate.Kind.CREDIT_NOTE;
                case "FCN" -> FactsGate.Kind.FINANCIAL_CREDIT_NOTE;
                default -> FactsGate.Kind.INVOICE;
            };
            var mode = Fields.text(head.body().path("payment_mode"));
            var reason = Fields.text(head.body().path("return_reason"));
            sales.add(new FactsGate.Sale(id(distributor, system, RecordType.SALES_LINE, doc.doc, doc.principal), Fields.text(head.body().path("doc_no")), kind,
                    head.day(), doc.principal, Objects.requireNonNull(head.outlet()), payable.setScale(2, RoundingMode.HALF_UP), !mode.equalsIgnoreCase("CASH"), cancelled, reason.isEmpty() ? null : reason, quality(of),
                    of.stream().map(FeedFacts::line).toList()));
        });
        return sales;
    }

    private static FactsGate.SaleLine line(Current line) {
        var body = line.body();
        boolean priceOnly = Fields.text(body.path("doc_type")).equals("DN");
        var gross = Fields.decimalOrZero(body.path("qty_billed")).multiply(Fields.decimalOrZero(body.path("list_price"))).setScale(2, RoundingMode.HALF_UP);
        var discounts = gross.subtract(Fields.decimalOrZero(body.path("taxable")).setScale(2, RoundingMode.HALF_UP));
        var scheme = RecordCheck.benefit(body).setScale(2, RoundingMode.HALF_UP).min(discounts.max(BigDecimal.ZERO));
        var manual = discounts.subtract(scheme);
        return new FactsGate.SaleLine(Objects.requireNonNull(line.sku()), priceOnly ? BigDecimal.ZERO : base(body), priceOnly ? BigDecimal.ZERO : free(body), gross, scheme, manual, BigDecimal.ZERO,
                manual.signum() == 0, List.of());
    }

    private List<FactsGate.Receipt> receipts(long distributor, String system, Set<String> docs) {
        var current = store.ofDocs(distributor, system, RecordType.PRIMARY, docs);
        var skus = skus(distributor, current);
        var receipts = new ArrayList<FactsGate.Receipt>();
        byDoc(current, skus).forEach((doc, all) -> {
            var lines = all.stream().filter(line -> !line.cancelled()).toList();
            var of = lines.isEmpty() ? all : lines;
            receipts.add(new FactsGate.Receipt(id(distributor, system, RecordType.PRIMARY, doc.doc, doc.principal), of.getFirst().day(), doc.principal, lines.isEmpty(), quality(of), of.stream().map(line -> {
                var sku = Objects.requireNonNull(skus.get(Objects.requireNonNull(line.sku())));
                var billed = Fields.decimalOrZero(line.body().path("billed"));
                var value = Fields.decimal(line.body().path("value"));
                return new FactsGate.ReceiptLine(sku.id(), billed, BigDecimal.ZERO, Fields.decimalOrZero(line.body().path("short")), (value == null ? billed.multiply(sku.pts()) : value).setScale(2, RoundingMode.HALF_UP));
            }).toList()));
        });
        return receipts;
    }

    private List<FactsGate.OrderFact> orders(long distributor, String system, List<Current> current) {
        var lines = current.stream().filter(one -> one.outlet() != null && Fields.text(one.body().path("kind")).equals("ORDER")).toList();
        var skus = skus(distributor, lines);
        var orders = new ArrayList<FactsGate.OrderFact>();
        byDoc(lines, skus).forEach((doc, of) -> {
            var head = of.getFirst();
            var promise = Fields.date(head.body().path("promised_on"));
            orders.add(new FactsGate.OrderFact(id(distributor, system, RecordType.ACTIVITY, doc.doc, doc.principal), head.day(), promise == null ? head.day().plusDays(1) : promise, doc.principal,
                    Objects.requireNonNull(head.outlet()), quality(of), of.stream().map(line -> {
                        var body = line.body();
                        var delivered = Fields.decimalOrZero(body.path("qty_delivered"));
                        var on = Fields.date(body.path("delivered_on"));
                        var state = line.cancelled() ? FactsGate.OrderState.CANCELLED_CUSTOMER : on != null || delivered.signum() > 0 ? FactsGate.OrderState.DELIVERED : FactsGate.OrderState.OPEN;
                        return new FactsGate.OrderLine(Fields.decimalOrZero(body.path("line_no")).intValue(), Objects.requireNonNull(line.sku()), Fields.decimalOrZero(body.path("qty_ordered")), delivered,
                                Fields.decimalOrZero(body.path("price")), on, state, null);
                    }).toList()));
        });
        return orders;
    }

    private static List<FactsGate.Visit> visits(long distributor, String system, List<Current> current) {
        var visits = new ArrayList<FactsGate.Visit>();
        for (var one : current) {
            if (one.outlet() == null || !Fields.text(one.body().path("kind")).equals("VISIT")) continue;
            boolean planned = Boolean.TRUE.equals(Fields.flag(one.body().path("planned")));
            visits.add(new FactsGate.Visit(id(distributor, system, RecordType.ACTIVITY, one.doc(), 0), one.day(), planned ? one.day() : null, !one.cancelled(), Fields.text(one.body().path("rep_id")), one.outlet(),
                    Boolean.TRUE.equals(Fields.flag(one.body().path("productive"))), 0, null));
        }
        return visits;
    }

    private List<FactsGate.StockRow> stock(long distributor, String system, LocalDate day) {
        var current = store.snapshot(distributor, system, RecordType.STOCK, day);
        var skus = skus(distributor, current);
        var rows = new ArrayList<FactsGate.StockRow>();
        record Place(long sku, String batch, String bucket, @Nullable LocalDate expiry) {}
        var sums = new LinkedHashMap<Place, BigDecimal[]>();
        var suspect = new HashSet<Place>();
        for (var one : current) {
            if (one.sku() == null || skus.get(one.sku()) == null) continue;
            var place = new Place(one.sku(), Fields.text(one.body().path("batch")), Fields.text(one.body().path("bucket")), Fields.date(one.body().path("expiry")));
            var qty = Fields.decimalOrZero(one.body().path("qty"));
            var value = Fields.decimal(one.body().path("value"));
            var sum = sums.computeIfAbsent(place, _ -> new BigDecimal[] {BigDecimal.ZERO, BigDecimal.ZERO});
            sum[0] = sum[0].add(qty);
            sum[1] = sum[1].add(value == null ? qty.multiply(skus.get(one.sku()).pts()) : value);
            if (one.suspect()) suspect.add(place);
        }
        sums.forEach((place, sum) -> {
            var cost = sum[0].signum() == 0 ? BigDecimal.ZERO : sum[1].divide(sum[0], 6, RoundingMode.HALF_UP);
            rows.add(new FactsGate.StockRow(place.sku, Objects.requireNonNull(skus.get(place.sku)).principalId(), place.batch, place.bucket, sum[0], cost, place.expiry,
                    suspect.contains(place) ? FactsGate.Quality.SUSPECT : FactsGate.Quality.OK));
        });
        return rows;
    }

    /// A receivable names no goods: it is owed to the only principal, or to the first of several.
    private List<FactsGate.OpenItem> items(long distributor, String system, LocalDate day) {
        long principal = transactions.shared(db -> db.sql("select principal_id from network.distributor_principal where distributor_id = ? order by valid_from, principal_id limit 1").param(distributor)
                .query(Long.class).optional()).orElse(0L);
        var items = new ArrayList<FactsGate.OpenItem>();
        if (principal == 0) return items;
        for (var one : store.snapshot(distributor, system, RecordType.RECEIVABLE, day)) {
            if (one.outlet() == null) continue;
            var open = Fields.decimalOrZero(one.body().path("open")).setScale(2, RoundingMode.HALF_UP);
            var due = Fields.date(one.body().path("due"));
            var number = Fields.text(one.body().path("doc"));
            items.add(new FactsGate.OpenItem(id(distributor, system, RecordType.RECEIVABLE, one.outlet() + "/" + number, principal), number, open.signum() < 0 ? "ON_ACCOUNT" : "INVOICE", principal, one.outlet(), one.day(),
                    due == null ? one.day() : due, open.abs(), open.abs(), one.suspect() ? FactsGate.Quality.SUSPECT : FactsGate.Quality.OK));
        }
        return items;
    }
}
